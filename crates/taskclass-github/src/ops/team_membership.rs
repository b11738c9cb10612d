//! Whether a user is in a team.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Membership;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// A user's membership in a team. 404 if there is none, or if the token cannot know.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn team_membership(&self, org: &str, team: &str, login: &str) -> Result<Answer<Membership>, CallError> {
        let call = Call::read("GET /orgs/{org}/teams/{team_slug}/memberships/{username}").segment("org", org);
        self.fetch(call.segment("team_slug", team).segment("username", login))
    }
}
