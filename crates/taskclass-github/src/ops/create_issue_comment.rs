//! Commenting on an issue or a pull request.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::IssueNumber;
use crate::model::Comment;
use crate::repo_name::RepoName;
use crate::transport::{Purpose, Transport};

impl<T: Transport> Client<T> {
    /// Comments on an issue, or on the pull request of that number. GitHub notifies people.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn create_issue_comment(
        &self,
        repo: &RepoName,
        number: IssueNumber,
        body: &str,
    ) -> Result<Answer<Comment>, CallError> {
        let operation = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
        let call = Call::new(operation, Purpose::Unrepeatable).repo(repo).segment("issue_number", &number.to_string());
        self.fetch(call.json(&serde_json::json!({ "body": body })))
    }
}
