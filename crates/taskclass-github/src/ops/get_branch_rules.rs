//! The rules in force for a branch, which need not exist.

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::BranchRule;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// The active rules for a branch, which need not exist, 100 a page. Classic branch protection is not among them.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_branch_rules(&self, repo: &RepoName, branch: &str) -> Result<Answer<Page<Vec<BranchRule>>>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/rules/branches/{branch}");
        self.fetch_page(call.repo(repo).segment("branch", branch).full_pages())
    }
}
