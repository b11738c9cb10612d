//! Changes that the executor makes at GitHub after a task exists. Each is journaled before it is sent, and has an identity,
//! so that a restart neither forgets nor repeats it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use taskclass_spec::written::Notice;

use super::Verdict;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// Cancels the Actions run behind the task's session.
    CancelRun {
        /// Counts the requests to stop this task, from 1.
        request: u32,
    },
    /// Publishes the verdict as the commit status `taskclass/verdict`.
    PublishStatus {
        /// The commit.
        head_sha: String,
        /// What is published.
        verdict: Verdict,
    },
    /// Opens the pull request of an accepted branch.
    OpenPullRequest {
        /// The branch.
        head_ref: String,
        /// What it is to be merged into.
        base_ref: String,
    },
    /// Puts the class's labels on the pull request.
    AddLabels,
    /// Asks the class's reviewers.
    RequestReviewers,
    /// Says on the pull request why its content was rejected.
    CommentRejected {
        /// The commit that was judged.
        head_sha: String,
    },
    /// Closes the pull request.
    ClosePullRequest,
    /// Tells people: one way of one rung of an escalation ladder.
    Notify {
        /// Which escalation of the task, from 1.
        episode: u32,
        /// Which rung of the ladder, from 0.
        rung: u32,
        /// How.
        notice: Notice,
    },
}

/// An action's identity within its task.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct ActionId(pub String);

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ActionId {
    /// What is done, as it follows "to": `publish the verdict accepted on 650de14`.
    pub fn to_do(&self) -> String {
        self.words(["publish", "open", "label", "ask", "say", "close", "tell", "have"])
    }

    /// What was done, in the past tense: `published the verdict accepted on 650de14`.
    pub fn done(&self) -> String {
        self.words(["published", "opened", "labelled", "asked", "said", "closed", "told", "asked to have"])
    }

    /// The words of each kind of action, behind its verb. What an identity is made of says [`Action::id`].
    fn words(&self, [publish, open, label, ask, say, close, tell, have]: [&str; 8]) -> String {
        let parts: Vec<&str> = self.0.splitn(4, ':').collect();
        let short = |sha: &str| sha.chars().take(7).collect::<String>();
        match parts[..] {
            ["publish_status", sha, verdict] => format!("{publish} the verdict {verdict} on {}", short(sha)),
            ["open_pull_request", head_ref] => format!("{open} the pull request of {head_ref}"),
            ["add_labels"] => format!("{label} the pull request"),
            ["request_reviewers"] => format!("{ask} the pull request's reviewers"),
            ["comment_rejected", sha] => format!("{say} on the pull request why {} is rejected", short(sha)),
            ["close_pull_request"] => format!("{close} the pull request"),
            ["notify", _, "0", notice] => format!("{tell} people: {notice}"),
            ["notify", _, rung, notice] => {
                // Counted from 0 in the identity, from 1 by people.
                let rung =
                    rung.parse::<u32>().map_or_else(|_| rung.to_owned(), |rung| rung.saturating_add(1).to_string());
                format!("{tell} people, rung {rung} of the ladder: {notice}")
            }
            ["cancel_run", ..] => format!("{have} the Actions run behind the session cancelled"),
            _ => self.0.clone(),
        }
    }
}

impl Action {
    /// The identity: two actions with the same one are the same action.
    pub fn id(&self) -> ActionId {
        ActionId(match self {
            Self::CancelRun { request } => format!("cancel_run:{request}"),
            Self::PublishStatus { head_sha, verdict } => format!("publish_status:{head_sha}:{verdict}"),
            Self::OpenPullRequest { head_ref, .. } => format!("open_pull_request:{head_ref}"),
            Self::AddLabels => "add_labels".to_owned(),
            Self::RequestReviewers => "request_reviewers".to_owned(),
            Self::CommentRejected { head_sha } => format!("comment_rejected:{head_sha}"),
            Self::ClosePullRequest => "close_pull_request".to_owned(),
            Self::Notify { episode, rung, notice } => format!("notify:{episode}:{rung}:{notice}"),
        })
    }

    /// Whether it is a change at GitHub, which its limits count; a webhook goes elsewhere.
    pub fn is_at_github(&self) -> bool {
        !matches!(self, Self::Notify { notice: Notice::Webhook(_), .. })
    }

    /// Whether it needs the pull request to exist.
    pub fn needs_pull_request(&self) -> bool {
        matches!(self, Self::AddLabels | Self::RequestReviewers | Self::CommentRejected { .. } | Self::ClosePullRequest)
    }
}

/// What an action left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Acted {
    /// Done.
    Done,
    /// It had been done already.
    AlreadyThere,
    /// An issue or a comment stands there.
    Posted {
        /// The repository.
        repository: String,
        /// The or pull request's number.
        number: i64,
        /// Where a person sees it.
        url: String,
    },
    /// A pull request stands there.
    PullRequest {
        /// Its number.
        number: i64,
        /// Where a person sees it.
        url: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_told_in_words() {
        let sha = "650de14f4e7c9a534826665235b9c7857c88727e".to_owned();
        let branch = "copilot/fix-1".to_owned();
        let notify = |rung, notice: &str| Action::Notify { episode: 1, rung, notice: notice.parse().unwrap() };
        for (action, to_do, done) in [
            (
                Action::PublishStatus { head_sha: sha.clone(), verdict: Verdict::Accepted },
                "publish the verdict accepted on 650de14",
                "published the verdict accepted on 650de14",
            ),
            (
                Action::OpenPullRequest { head_ref: branch, base_ref: "main".to_owned() },
                "open the pull request of copilot/fix-1",
                "opened the pull request of copilot/fix-1",
            ),
            (Action::AddLabels, "label the pull request", "labelled the pull request"),
            (Action::RequestReviewers, "ask the pull request's reviewers", "asked the pull request's reviewers"),
            (
                Action::CommentRejected { head_sha: sha },
                "say on the pull request why 650de14 is rejected",
                "said on the pull request why 650de14 is rejected",
            ),
            (Action::ClosePullRequest, "close the pull request", "closed the pull request"),
            (notify(0, "issue"), "tell people: issue", "told people: issue"),
            (
                notify(2, "webhook:on-call"),
                "tell people, rung 3 of the ladder: webhook:on-call",
                "told people, rung 3 of the ladder: webhook:on-call",
            ),
            (
                Action::CancelRun { request: 1 },
                "have the Actions run behind the session cancelled",
                "asked to have the Actions run behind the session cancelled",
            ),
        ] {
            assert_eq!((action.id().to_do().as_str(), action.id().done().as_str()), (to_do, done));
        }
    }
}
