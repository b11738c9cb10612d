//! The files that a pull request touches.

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::PullNumber;
use crate::model::ChangedFile;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// The files that a pull request touches, 100 a page. GitHub lists at most 3,000: compare with `changed_files`.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_pull_files(
        &self,
        repo: &RepoName,
        number: PullNumber,
    ) -> Result<Answer<Page<Vec<ChangedFile>>>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/pulls/{pull_number}/files").repo(repo);
        self.fetch_page(call.segment("pull_number", &number.to_string()).full_pages())
    }
}
