//! One issue.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::IssueNumber;
use crate::model::Issue;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// One issue.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_issue(&self, repo: &RepoName, number: IssueNumber) -> Result<Answer<Issue>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/issues/{issue_number}").repo(repo);
        self.fetch(call.segment("issue_number", &number.to_string()))
    }
}
