//! What a rule is: declared once, with its documentation; the catalogue, `explain`, the manual page, the configuration's
//! schema and the tests are made from it.

mod sink;

use std::fmt;

use taskclass_source::Level;
use taskclass_spec::written::LintLevel;

use crate::context::{ClassContext, Document, PolicyContext, RegistryContext};
use crate::suppress::Suppression;

pub(crate) use sink::Sink;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// The file as text and as YAML.
    Syntax,
    /// Fields, types and values.
    Shape,
    /// Names, versions, titles.
    Identity,
    /// Who answers for a class.
    Owners,
    /// Which model works.
    Model,
    /// Where tasks may run.
    Repositories,
    /// Which branches they start from.
    Refs,
    /// The template and its inputs.
    Prompt,
    /// Example runs.
    Examples,
    /// Whether and how a pull request is opened.
    PullRequest,
    /// What makes a result acceptable.
    Validation,
    /// Who is told, and when.
    Escalation,
    /// Time, concurrency and rate.
    Limits,
    /// What may be spent.
    Budget,
    /// How a class reaches more repositories.
    Rollout,
    /// Who may run a class.
    Callers,
    /// The registry's policy.
    Policy,
    /// Who may sign, and what they have signed.
    Trust,
    /// Comments that tell the linter to look away.
    Suppressions,
}

impl Family {
    /// The word in reports and in the catalogue.
    pub fn name(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Shape => "shape",
            Self::Identity => "identity",
            Self::Owners => "owners",
            Self::Model => "model",
            Self::Repositories => "repositories",
            Self::Refs => "refs",
            Self::Prompt => "prompt",
            Self::Examples => "examples",
            Self::PullRequest => "pull_request",
            Self::Validation => "validation",
            Self::Escalation => "escalation",
            Self::Limits => "limits",
            Self::Budget => "budget",
            Self::Rollout => "rollout",
            Self::Callers => "callers",
            Self::Policy => "policy",
            Self::Trust => "trust",
            Self::Suppressions => "suppressions",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Whether a registry may decide otherwise about a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hold {
    /// Its level can be changed, and it can be suppressed with a reason.
    Free,
    /// What it finds makes a file unusable: the executor refuses the same, so the linter cannot be told to look away.
    Format,
    /// A security rule: it can be raised, never lowered or suppressed.
    Security,
}

/// What a rule looks at. A rule is called once for each thing of its kind.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// Any YAML document, as text and tree, whatever is wrong with it.
    Document(fn(&Document<'_>, &mut Sink<'_>)),
    /// A class; sections that could not be read are not there.
    Class(fn(&ClassContext<'_>, &mut Sink<'_>)),
    /// The policy, if it could be read.
    Policy(fn(&PolicyContext<'_>, &mut Sink<'_>)),
    /// The registry as a whole.
    Registry(fn(&RegistryContext<'_>, &mut Sink<'_>)),
    /// The suppressions of a run, once it is known which of them were used.
    Suppressions(fn(&[Suppression], &mut Sink<'_>)),
}

/// One rule.
pub struct Rule {
    /// Its name in kebab-case.
    pub name: &'static str,
    /// What it is about.
    pub family: Family,
    /// How much its findings weigh unless the policy says otherwise.
    pub level: Level,
    /// Whether the policy or a comment may say otherwise.
    pub hold: Hold,
    /// Markdown, each line with the blank that stands behind `///`.
    pub(crate) docs: &'static str,
    pub(crate) checks: &'static [Check],
}

impl Rule {
    /// What it weighs where the policy says `said`: never less than its own level if it is held. `None` is off.
    pub(crate) fn level_under(&self, said: Option<LintLevel>) -> Option<Level> {
        let asked = match said {
            None => Some(self.level),
            Some(LintLevel::Allow) => None,
            Some(LintLevel::Warning) => Some(Level::Warning),
            Some(LintLevel::Error) => Some(Level::Error),
        };
        if self.hold == Hold::Free { asked } else { asked.max(Some(self.level)) }
    }

    /// Whether it can be raised but never lowered or suppressed because security rests on it.
    pub fn security(&self) -> bool {
        self.hold == Hold::Security
    }

    /// The documentation as Markdown, without its title: a summary, then the sections "What it does", "Why it matters",
    /// "Bad" and "Good".
    pub fn docs(&self) -> String {
        let mut text = String::with_capacity(self.docs.len());
        for line in self.docs.lines() {
            text.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
            text.push('\n');
        }
        text
    }

    /// One line that says what the rule reports.
    pub fn summary(&self) -> &'static str {
        self.docs.lines().next().unwrap_or_default().trim()
    }

    /// The text of a section, without its heading.
    pub fn section(&self, heading: &str) -> Option<String> {
        let docs = self.docs();
        let mut lines = docs.lines().skip_while(|line| line.strip_prefix("## ") != Some(heading));
        lines.next()?;
        let text: Vec<_> = lines.take_while(|line| !line.starts_with("## ")).collect();
        Some(text.join("\n").trim().to_owned())
    }

    /// What the first fence of a section holds: the example. Lines of `^` in it mark what is reported.
    pub fn example(&self, heading: &str) -> Option<String> {
        let section = self.section(heading)?;
        let fenced = section.lines().skip_while(|line| !line.starts_with("```")).skip(1);
        let mut text = String::new();
        for line in fenced.take_while(|line| !line.starts_with("```")) {
            text.push_str(line);
            text.push('\n');
        }
        Some(text)
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule").field("name", &self.name).field("family", &self.family).finish_non_exhaustive()
    }
}

/// Declares a rule: its documentation as doc comments, then what the engine must know.
///
/// ```text
/// declare_rule! {
///     /// One line: what is reported.
///     ///
///     /// ## What it does
///     /// ## Why it matters
///     /// ## Bad
///     /// ## Good
///     name: "unknown-field", family: Shape, level: Error, hold: Format, check: Document(check)
/// }
/// ```
macro_rules! declare_rule {
    (
        $(#[doc = $docs:expr])+
        name: $name:literal, family: $family:ident, level: $level:ident, hold: $hold:ident,
        check: $($on:ident($check:expr)),+
    ) => {
        $(#[doc = $docs])+
        pub(crate) static RULE: crate::rule::Rule = crate::rule::Rule {
            name: $name,
            family: crate::rule::Family::$family,
            level: taskclass_source::Level::$level,
            hold: crate::rule::Hold::$hold,
            docs: concat!($($docs, "\n"),+),
            checks: &[$(crate::rule::Check::$on($check)),+],
        };
    };
}
pub(crate) use declare_rule;
