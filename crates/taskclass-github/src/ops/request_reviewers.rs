//! Asking people and teams for their review.

use serde::Serialize;

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::PullNumber;
use crate::model::Pull;
use crate::repo_name::RepoName;
use crate::transport::{Purpose, Transport};

/// Whose review is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reviewers {
    /// Logins.
    #[serde(rename = "reviewers", skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<String>,
    /// Slugs of teams, without the organisation.
    #[serde(rename = "team_reviewers", skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<String>,
}

impl<T: Transport> Client<T> {
    /// Asks for reviews. Whom GitHub took is in the pull request it answers with.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn request_reviewers(
        &self,
        repo: &RepoName,
        number: PullNumber,
        reviewers: &Reviewers,
    ) -> Result<Answer<Pull>, CallError> {
        let operation = "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers";
        let call = Call::new(operation, Purpose::Mutation).repo(repo).segment("pull_number", &number.to_string());
        self.fetch(call.json(reviewers))
    }
}
