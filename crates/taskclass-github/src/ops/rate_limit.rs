//! The rate limits of the token's owner; asking costs nothing of the primary one.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::RateLimits;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// The rate limits of the token's owner.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn rate_limit(&self) -> Result<Answer<RateLimits>, CallError> {
        self.fetch(Call::read("GET /rate_limit"))
    }
}
