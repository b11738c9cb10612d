//! The entries of a tree.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Tree;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// The entries of a tree, or of a commit's or branch's tree; with those of all its subtrees if `recursive`.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_tree(&self, repo: &RepoName, tree: &str, recursive: bool) -> Result<Answer<Tree>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/git/trees/{tree_sha}").repo(repo).segment("tree_sha", tree);
        self.fetch(call.query_opt("recursive", recursive.then_some("1")))
    }
}
