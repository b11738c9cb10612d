//! One commit and the files it touches.

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Commit;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// One commit, by id, branch or tag. Its files come 300 a page, 3,000 in all; every page repeats the rest of the commit.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_commit(&self, repo: &RepoName, commit: &str) -> Result<Answer<Page<Commit>>, CallError> {
        self.fetch_page(Call::read("GET /repos/{owner}/{repo}/commits/{ref}").repo(repo).segment("ref", commit))
    }
}
