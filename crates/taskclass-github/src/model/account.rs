//! People, bots, teams.

use serde::Deserialize;

use crate::ids::UserId;
use crate::open_enum::open_enum;

/// A user, bot or organisation, as it stands in other things.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Actor {
    /// The database id.
    pub id: UserId,
    /// The login.
    pub login: String,
    /// `User`, `Bot`, `Organization`, …
    #[serde(rename = "type", default)]
    pub kind: Option<String>,
}

/// The user whose token is used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct User {
    /// The database id.
    pub id: UserId,
    /// The login.
    pub login: String,
    /// `User`, `Bot`, …
    #[serde(rename = "type", default)]
    pub kind: Option<String>,
    /// The name shown beside the login.
    #[serde(default)]
    pub name: Option<String>,
}

/// A team of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Team {
    /// The name in URLs.
    pub slug: String,
    /// The name shown.
    #[serde(default)]
    pub name: Option<String>,
}

open_enum! {
    /// Whether a membership holds.
    MembershipState {
        /// The user is a member.
        Active = "active",
        /// The user was invited and has not accepted.
        Pending = "pending",
    }
}

/// A user's membership in a team.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Membership {
    /// Whether it holds.
    pub state: MembershipState,
    /// `member` or `maintainer`.
    pub role: String,
}

impl Membership {
    /// True only for an accepted membership.
    pub fn is_active(&self) -> bool {
        self.state == MembershipState::Active
    }
}
