//! Who the token belongs to.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::User;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// Who the token belongs to. Its [`Meta`](crate::Meta) also tells when the token expires.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_user(&self) -> Result<Answer<User>, CallError> {
        self.fetch(Call::read("GET /user"))
    }
}
