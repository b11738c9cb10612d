//! One pull request.

use crate::answer::{Answer, Conditional};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::PullNumber;
use crate::meta::Etag;
use crate::model::Pull;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// One pull request, with its sizes and whether it can be merged.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_pull(&self, repo: &RepoName, number: PullNumber) -> Result<Answer<Pull>, CallError> {
        self.fetch(get(repo, number))
    }

    /// The same, if it changed since an earlier answer.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_pull_if_changed(
        &self,
        repo: &RepoName,
        number: PullNumber,
        etag: &Etag,
    ) -> Result<Answer<Conditional<Pull>>, CallError> {
        self.fetch_if_changed(get(repo, number).if_none_match(etag))
    }
}

fn get(repo: &RepoName, number: PullNumber) -> Call {
    Call::read("GET /repos/{owner}/{repo}/pulls/{pull_number}").repo(repo).segment("pull_number", &number.to_string())
}
