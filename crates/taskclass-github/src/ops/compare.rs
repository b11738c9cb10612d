//! What changed between two points of a repository.

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Comparison;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// What changed from where `base` and `head` parted up to `head`. The first page has the files, at most 300; further pages have
    /// further commits.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn compare(&self, repo: &RepoName, base: &str, head: &str) -> Result<Answer<Page<Comparison>>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/compare/{basehead}").repo(repo);
        self.fetch_page(call.range("basehead", base, head))
    }
}
