//! The comments at lines of a pull request.

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::PullNumber;
use crate::model::ReviewComment;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// The comments at lines of a pull request, oldest first, 100 a page.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_pull_comments(
        &self,
        repo: &RepoName,
        number: PullNumber,
    ) -> Result<Answer<Page<Vec<ReviewComment>>>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/pulls/{pull_number}/comments").repo(repo);
        self.fetch_page(call.segment("pull_number", &number.to_string()).full_pages())
    }
}
