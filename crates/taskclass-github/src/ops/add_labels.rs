//! Putting labels on an issue or a pull request.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::IssueNumber;
use crate::model::Label;
use crate::repo_name::RepoName;
use crate::transport::{Purpose, Transport};

impl<T: Transport> Client<T> {
    /// Puts labels on an issue, or on the pull request of that number, and answers with all that it has then.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn add_labels(
        &self,
        repo: &RepoName,
        number: IssueNumber,
        labels: &[String],
    ) -> Result<Answer<Vec<Label>>, CallError> {
        let operation = "POST /repos/{owner}/{repo}/issues/{issue_number}/labels";
        let call = Call::new(operation, Purpose::Mutation).repo(repo).segment("issue_number", &number.to_string());
        self.fetch(call.json(&serde_json::json!({ "labels": labels })))
    }
}
