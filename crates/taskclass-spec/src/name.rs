//! The names that documents give to things.

use crate::newtype::{string_newtype, word};

fn lower(c: char) -> bool {
    c.is_ascii_lowercase()
}

fn lower_digit(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

fn kebab(c: char) -> bool {
    lower_digit(c) || c == '-'
}

fn snake(c: char) -> bool {
    lower_digit(c) || c == '_'
}

fn dotted(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

/// Git's own rules for a branch name (git-check-ref-format), narrowed to printable ASCII.
fn branch(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 200
        && text
            .chars()
            .all(|c| c.is_ascii_graphic() && !matches!(c, '~' | '^' | ':' | '?' | '*' | '[' | '\\' | '@' | '{'))
        && !text.starts_with('-')
        && text
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && !part.ends_with(".lock"))
        && !text.contains("..")
        && !text.starts_with("refs/")
}

string_newtype!(
    /// A task class's name; also the stem of its file.
    ClassName, expected "a name of lower-case letters, digits and `-`, at most 60 long, beginning with a letter",
    pattern "^[a-z][a-z0-9-]{0,59}$", examples ["dependency-bump"],
    check |text| word(text, 60, lower, kebab)
);
string_newtype!(
    /// An input's name, as the prompt uses it after `inputs.`.
    InputName, expected "a name of lower-case letters, digits and `_`, at most 40 long, beginning with a letter",
    pattern "^[a-z][a-z0-9_]{0,39}$", examples ["package"],
    check |text| word(text, 40, lower, snake)
);
string_newtype!(
    /// A rollout stage's name.
    StageName, expected "a name of lower-case letters, digits and `-`, at most 40 long, beginning with a letter",
    pattern "^[a-z][a-z0-9-]{0,39}$", examples ["proof", "canary"],
    check |text| word(text, 40, lower, kebab)
);
string_newtype!(
    /// A notifier's name in the executor's configuration.
    NotifierName, expected "a name of lower-case letters, digits and `-`, at most 40 long, beginning with a letter",
    pattern "^[a-z][a-z0-9-]{0,39}$", examples ["oncall"],
    check |text| word(text, 40, lower, kebab)
);
string_newtype!(
    /// A model's id as GitHub's API takes it, or `auto`.
    ModelId, expected "a model id of lower-case letters, digits, `.` and `-`",
    pattern "^[a-z0-9][a-z0-9.-]{0,79}$", examples ["gpt-5.3-codex", "claude-sonnet-4.6"],
    check |text| word(text, 80, lower_digit, |c| kebab(c) || c == '.')
);
string_newtype!(
    /// A custom agent: `.github/agents/<name>.agent.md` in the target repository.
    AgentName, expected "a file name of letters, digits, `.`, `_` and `-`, without `.agent.md`",
    pattern "^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$", examples ["dependency-fixer"],
    check |text| word(text, 80, |c| c.is_ascii_alphanumeric(), dotted)
);
string_newtype!(
    /// A check run's or status context's name, compared as a whole.
    CheckName, expected "a check's name: 1 to 100 printable characters",
    pattern "^[^\\x00-\\x1f\\x7f]{1,100}$", examples ["build", "test"],
    check |text| word(text, 100, |c| !c.is_ascii_control(), |c| !c.is_ascii_control())
);
string_newtype!(
    /// A branch's name, short: `main`, not `refs/heads/main`.
    RefName, expected "a branch name such as `main` or `release/1.2`, without `refs/heads/`",
    pattern "^[!-~]{1,200}$", examples ["main", "release/1.2"],
    check branch
);
string_newtype!(
    /// Who signs: a name from the first column of `trust/allowed_signers`, never a pattern.
    Principal, expected "a signer's name such as `alice@acme.com`: letters, digits, `.`, `_`, `+`, `-`, `@`, at most 100 long",
    pattern "^[A-Za-z0-9][A-Za-z0-9._+@-]{0,99}$", examples ["alice@acme.com"],
    check |text| word(text, 100, |c| c.is_ascii_alphanumeric(), |c| dotted(c) || matches!(c, '+' | '@'))
);

impl ModelId {
    /// `auto`: GitHub chooses; the request leaves the field out.
    pub fn is_auto(&self) -> bool {
        self.as_str() == "auto"
    }
}
