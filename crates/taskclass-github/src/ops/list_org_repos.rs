//! The repositories of an organisation that the token can see.

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Repository;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// The repositories of an organisation that the token can see, by name, 100 a page.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_org_repos(&self, org: &str) -> Result<Answer<Page<Vec<Repository>>>, CallError> {
        let call = Call::read("GET /orgs/{org}/repos").segment("org", org).query("sort", "full_name").full_pages();
        self.fetch_page(call)
    }
}
