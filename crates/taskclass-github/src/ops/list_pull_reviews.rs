//! The reviews of a pull request.

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::PullNumber;
use crate::model::Review;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// The reviews of a pull request, oldest first, 100 a page.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_pull_reviews(
        &self,
        repo: &RepoName,
        number: PullNumber,
    ) -> Result<Answer<Page<Vec<Review>>>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews").repo(repo);
        self.fetch_page(call.segment("pull_number", &number.to_string()).full_pages())
    }
}
