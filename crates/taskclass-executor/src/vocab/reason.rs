//! Why a verdict is what it is: each reason typed, bounded, and in words that nothing from outside can forge.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use taskclass_source::text::visible;

use super::{AgentState, FileKind, Verdict};

/// The most paths that a reason lists.
pub const LISTED: usize = 50;
/// The most that its words name.
const NAMED: usize = 10;

/// One reason of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// Breach: the task ended, and not by itself.
    TaskEnded {
        /// How.
        state: AgentState,
        /// GitHub's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// Breach: files outside `validation.paths.allow`.
    OutOfScope {
        /// Their paths, at most fifty.
        paths: Vec<String>,
        /// How many there are.
        count: u32,
    },
    /// Breach: files that `validation.paths.deny` or the policy's `paths.deny` forbids.
    DeniedPaths {
        /// Their paths, at most fifty.
        paths: Vec<String>,
        /// How many there are.
        count: u32,
    },
    /// Breach: somebody else than the token's owner has published `taskclass/verdict` on the judged commit.
    VerdictForged {
        /// Who.
        by: String,
    },
    /// Breach: more files than `validation.max_files`.
    TooManyFiles {
        /// How many.
        count: u64,
        /// The limit.
        limit: u32,
    },
    /// Breach: more lines than `validation.max_lines`.
    TooManyLines {
        /// How many.
        count: u64,
        /// The limit.
        limit: u32,
    },
    /// Breach: a check failed.
    CheckFailed {
        /// Its name.
        name: String,
    },
    /// Breach: nothing was changed, and `validation.empty_result` is `rejected`.
    EmptyResult,
    /// Breach: another model worked than the one that was asked for.
    ModelSubstituted {
        /// Asked for.
        asked: String,
        /// Used.
        used: String,
    },
    /// Breach: a pull request although `pull_request.create` is `never`.
    UnwantedPullRequest {
        /// Its number.
        number: i64,
    },
    /// Breach: a pull request into another branch than the base.
    WrongBase {
        /// The base that the run has.
        asked: String,
        /// The base that the pull request has.
        found: String,
    },
    /// Unknown: a required check did not run.
    CheckMissing {
        /// Its name.
        name: String,
    },
    /// Unknown: a check has not ended.
    CheckRunning {
        /// Its name.
        name: String,
    },
    /// Unknown: a check waits for a person's "Approve and run workflows".
    CheckAwaitsApproval {
        /// Its name.
        name: String,
    },
    /// Unknown: a required check ended without saying well or badly.
    CheckNeutral {
        /// Its name.
        name: String,
    },
    /// Unknown: a required check is there, and only from somebody whose word does not count.
    CheckNotBelieved {
        /// Its name.
        name: String,
        /// Who set it.
        by: String,
        /// Why that does not count.
        because: Disbelief,
    },
    /// Unknown: a required check ended in a way that this version does not know.
    CheckUnknown {
        /// Its name.
        name: String,
    },
    /// Unknown: entries that a path does not say enough about: links lead elsewhere, submodules bring what is not in the list.
    NotPlainFiles {
        /// What they are.
        sort: FileKind,
        /// Their paths, at most fifty.
        paths: Vec<String>,
        /// How many there are.
        count: u32,
    },
    /// Unknown: files whose size in lines nobody can tell, and `validation.max_lines` is given.
    SizeUnknown {
        /// Their paths, at most fifty.
        paths: Vec<String>,
        /// How many there are.
        count: u32,
    },
    /// Unknown: GitHub cut the list of files.
    FilesCut,
    /// Unknown: the branch moved while it was read.
    HeadMoved,
    /// Unknown: GitHub does not say which model worked.
    ModelUnknown,
    /// Unknown: GitHub has not computed whether the pull request can be merged.
    MergeableUnknown,
    /// Unknown: something could not be read.
    Unread {
        /// What.
        what: String,
    },
}

/// Why somebody's word on a check does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Disbelief {
    /// It is the agent's own.
    Agent,
    /// It is of the one as whom the agent works.
    Requester,
    /// GitHub does not say whose it is.
    Nobody,
    /// It comes from Actions, and the result changes the workflows that Actions runs.
    OwnWorkflows,
    /// A rule of the base branch wants it from a certain app, and it comes from another.
    OtherApp,
}

impl Disbelief {
    fn words(self) -> &'static str {
        match self {
            Self::Agent => "the agent cannot vouch for itself",
            Self::Requester => "the agent works in that account's name",
            Self::Nobody => "GitHub does not say whose it is",
            Self::OwnWorkflows => "the result changes the workflows that made it",
            Self::OtherApp => "the base branch's rule wants it from another app",
        }
    }
}

/// Something that a person should know of a result, and that decides nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "flag", rename_all = "snake_case")]
pub enum Flag {
    /// Another model worked than the one that was asked for, and the class allows that one too.
    OtherModel {
        /// Asked for.
        asked: String,
        /// Used.
        used: String,
    },
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::OtherModel { asked, used } = self;
        let (asked, used) = (visible(asked), visible(used));
        write!(f, "model `{used}` worked, `{asked}` was asked for; the class allows both")
    }
}

impl Reason {
    /// Whether it is a definite breach; else it is something unknown.
    pub fn is_breach(&self) -> bool {
        !matches!(
            self,
            Self::CheckMissing { .. }
                | Self::CheckRunning { .. }
                | Self::CheckAwaitsApproval { .. }
                | Self::CheckNeutral { .. }
                | Self::CheckNotBelieved { .. }
                | Self::CheckUnknown { .. }
                | Self::NotPlainFiles { .. }
                | Self::SizeUnknown { .. }
                | Self::FilesCut
                | Self::HeadMoved
                | Self::ModelUnknown
                | Self::MergeableUnknown
                | Self::Unread { .. }
        )
    }

    /// Whether time alone may settle it: then evidence is read again before anything is concluded.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::CheckMissing { .. }
                | Self::CheckRunning { .. }
                | Self::CheckNotBelieved { because: Disbelief::Agent | Disbelief::Requester | Disbelief::Nobody, .. }
                | Self::HeadMoved
                | Self::MergeableUnknown
                | Self::Unread { .. }
        )
    }

    /// The field of the class that decides.
    pub fn field(&self) -> &'static str {
        match self {
            Self::OutOfScope { .. } => "validation.paths.allow",
            Self::DeniedPaths { .. } => "validation.paths.deny",
            Self::TooManyFiles { .. } => "validation.max_files",
            Self::TooManyLines { .. } | Self::SizeUnknown { .. } => "validation.max_lines",
            Self::NotPlainFiles { .. } => "validation.paths.allow",
            Self::EmptyResult => "validation.empty_result",
            Self::ModelSubstituted { .. } | Self::ModelUnknown => "model",
            Self::UnwantedPullRequest { .. } => "pull_request.create",
            Self::WrongBase { .. } => "base_ref",
            Self::CheckFailed { .. }
            | Self::CheckMissing { .. }
            | Self::CheckRunning { .. }
            | Self::CheckAwaitsApproval { .. }
            | Self::CheckNotBelieved { .. }
            | Self::CheckUnknown { .. }
            | Self::CheckNeutral { .. } => "validation.required_checks",
            _ => "validation",
        }
    }
}

impl Reason {
    /// The paths that it is about, with how many there are in all; none for a reason that is about no path.
    pub fn paths(&self) -> (&[String], u32) {
        match self {
            Self::OutOfScope { paths, count }
            | Self::DeniedPaths { paths, count }
            | Self::SizeUnknown { paths, count }
            | Self::NotPlainFiles { paths, count, .. } => (paths, *count),
            _ => (&[], 0),
        }
    }

    /// It in words, without the paths that it is about.
    pub fn words(&self) -> String {
        let check = |name: &str, end: &str| format!("check `{}` {end}", visible(name));
        match self {
            Self::TaskEnded { state, error: None } => format!("the task ended as `{}`", visible(state.as_str())),
            Self::TaskEnded { state, error: Some(error) } => {
                format!("the task ended as `{}`: {}", visible(state.as_str()), visible(error))
            }
            Self::OutOfScope { count, .. } => format!("{} outside the allowed paths", files(*count, "file")),
            Self::DeniedPaths { count, .. } => format!("{} that may never be touched", files(*count, "file")),
            Self::VerdictForged { by } => {
                format!("`taskclass/verdict` was set by {}, who may not", visible(by))
            }
            Self::TooManyFiles { count, limit } => format!("{count} files touched, at most {limit} allowed"),
            Self::TooManyLines { count, limit } => format!("{count} lines changed, at most {limit} allowed"),
            Self::CheckFailed { name } => check(name, "failed"),
            Self::EmptyResult => "nothing was changed".to_owned(),
            Self::ModelSubstituted { asked, used } => {
                format!("model `{}` worked, `{}` was asked for", visible(used), visible(asked))
            }
            Self::UnwantedPullRequest { number } => format!("pull request #{number} was opened, none was to be"),
            Self::WrongBase { asked, found } => {
                format!("the pull request goes into `{}`, not into `{}`", visible(found), visible(asked))
            }
            Self::CheckMissing { name } => format!("required {}", check(name, "did not run")),
            Self::CheckRunning { name } => check(name, "has not ended"),
            Self::CheckAwaitsApproval { name } => check(name, "waits for a person to approve and run workflows"),
            Self::CheckNeutral { name } => {
                format!("required {}", check(name, "ended without saying whether it passed"))
            }
            Self::CheckUnknown { name } => format!("required {}", check(name, "ended in a way that is not known here")),
            Self::CheckNotBelieved { name, by, because } => {
                let by = visible(by);
                format!("required {} by {by}, which does not count: {}", check(name, "was set"), because.words())
            }
            Self::NotPlainFiles { sort: FileKind::Submodule, count, .. } => {
                format!("{}, whose content is in another repository", files(*count, "submodule"))
            }
            Self::NotPlainFiles { count, .. } => {
                format!("{}, which may lead outside the allowed paths", files(*count, "symbolic link"))
            }
            Self::SizeUnknown { count, .. } => format!("{} without lines to count", files(*count, "binary file")),
            Self::FilesCut => "GitHub's list of files is cut, so the rest is not known".to_owned(),
            Self::HeadMoved => "the branch moved while it was read".to_owned(),
            Self::ModelUnknown => "GitHub does not say which model worked".to_owned(),
            Self::MergeableUnknown => "GitHub has not said whether the pull request can be merged".to_owned(),
            Self::Unread { what } => format!("could not be read: {}", visible(what)),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words())?;
        let (paths, count) = self.paths();
        if count > 0 {
            write!(f, ": {}", some(paths, count))?;
        }
        Ok(())
    }
}

fn files(count: u32, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn some(paths: &[String], count: u32) -> String {
    let shown: Vec<_> = paths.iter().take(NAMED).map(|path| format!("`{}`", visible(path))).collect();
    let rest = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(shown.len());
    let list = shown.join(", ");
    if rest == 0 { list } else { format!("{list} and {rest} more") }
}

/// A verdict with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Every reason, breaches first; empty for `accepted`.
    pub reasons: Vec<Reason>,
    /// What decides nothing, and a person should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// The commit that was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_sha: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_few_and_cannot_forge_anything() {
        let paths: Vec<_> = (0..50).map(|n| format!("a{n}\u{202e}\n`")).collect();
        let said = Reason::OutOfScope { paths, count: 1000 }.to_string();
        assert!(said.starts_with("1000 files outside the allowed paths: `a0\\u{202e}\\n``, `a1"), "{said}");
        assert!(said.ends_with(" and 990 more"), "{said}");
        let one = Reason::NotPlainFiles { sort: FileKind::Symlink, paths: vec!["x".to_owned()], count: 1 };
        assert_eq!(one.to_string(), "1 symbolic link, which may lead outside the allowed paths: `x`");
    }

    #[test]
    fn what_time_may_settle_is_never_a_breach() {
        let name = "build".to_owned();
        let by = "x".to_owned();
        for reason in [
            Reason::CheckMissing { name: name.clone() },
            Reason::CheckNotBelieved { name, by, because: Disbelief::Nobody },
            Reason::HeadMoved,
            Reason::MergeableUnknown,
        ] {
            assert!(reason.may_pass() && !reason.is_breach(), "{reason}");
        }
    }
}
