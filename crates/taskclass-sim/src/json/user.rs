//! Accounts and teams.

use serde_json::{Value, json};

use super::{Object, View, WEB, node_id};
use crate::text::encode_percent;
use crate::world::UserIndex;

impl View<'_> {
    /// A `simple-user`.
    pub(crate) fn user(&self, user: UserIndex) -> Value {
        self.account(user).done()
    }

    /// The same, or null.
    pub(crate) fn user_or_null(&self, user: Option<UserIndex>) -> Value {
        user.map_or(Value::Null, |user| self.user(user))
    }

    pub(crate) fn users(&self, users: &[UserIndex]) -> Value {
        users.iter().map(|user| self.user(*user)).collect()
    }

    fn account(&self, user: UserIndex) -> Object {
        let account = self.world.people.get(user);
        let base = format!("{}/users/{}", self.api, encode_percent(&account.login));
        // An app's account has the app's page.
        let page = match account.login.strip_suffix("[bot]") {
            Some(app) => format!("{WEB}/apps/{app}"),
            None => format!("{WEB}/{}", account.login),
        };
        Object::new()
            .put("login", account.login.as_str())
            .put("id", account.id)
            .put("node_id", node_id("U", account.id))
            .put("avatar_url", format!("https://avatars.githubusercontent.com/u/{}?v=4", account.id))
            .put("gravatar_id", "")
            .put("html_url", page)
            .links(
                &base,
                &[
                    ("url", ""),
                    ("followers_url", "/followers"),
                    ("following_url", "/following{/other_user}"),
                    ("gists_url", "/gists{/gist_id}"),
                    ("starred_url", "/starred{/owner}{/repo}"),
                    ("subscriptions_url", "/subscriptions"),
                    ("organizations_url", "/orgs"),
                    ("repos_url", "/repos"),
                    ("events_url", "/events{/privacy}"),
                    ("received_events_url", "/received_events"),
                ],
            )
            .put("type", account.kind.as_str())
            .put("user_view_type", "public")
            .put("site_admin", false)
    }

    /// A `private-user`: the token's owner.
    pub(crate) fn private_user(&self, user: UserIndex) -> Value {
        let nothing = ["company", "blog", "location", "email", "hireable", "bio", "twitter_username"];
        let counts = [
            "public_repos",
            "public_gists",
            "followers",
            "following",
            "private_gists",
            "total_private_repos",
            "owned_private_repos",
            "disk_usage",
            "collaborators",
        ];
        self.account(user)
            .put("name", self.world.people.get(user).name.clone())
            .all(&nothing, &Value::Null)
            .all(&counts, &json!(0))
            .put("created_at", "2011-01-25T18:44:36Z")
            .put("updated_at", "2025-01-01T00:00:00Z")
            .put("two_factor_authentication", true)
            .done()
    }

    /// A `nullable-collaborator`.
    pub(crate) fn collaborator(&self, user: UserIndex, role: &str) -> Value {
        self.account(user).put("permissions", permissions(role)).put("role_name", role).done()
    }

    /// A `team`, which is a `team-simple` too.
    pub(crate) fn team(&self, index: usize) -> Value {
        let team = &self.world.people.teams[index];
        let id = 4_000_001 + index as u64;
        let base = format!("{}/orgs/{}/teams/{}", self.api, team.organization, team.slug);
        Object::new()
            .put("id", id)
            .put("node_id", node_id("T", id))
            .put("name", team.slug.as_str())
            .put("slug", team.slug.as_str())
            .put("description", Value::Null)
            .put("privacy", "closed")
            .put("notification_setting", "notifications_enabled")
            .put("permission", "push")
            .put("html_url", format!("{WEB}/orgs/{}/teams/{}", team.organization, team.slug))
            .links(&base, &[("url", ""), ("members_url", "/members{/member}"), ("repositories_url", "/repos")])
            .put("type", "organization")
            .put("parent", Value::Null)
            .done()
    }
}

/// What a role may do, as the API spreads it out.
pub(crate) fn permissions(role: &str) -> Value {
    let level = match role {
        "admin" => 5,
        "maintain" => 4,
        "write" => 3,
        "triage" => 2,
        "read" => 1,
        _ => 0,
    };
    json!({"admin": level >= 5, "maintain": level >= 4, "push": level >= 3, "triage": level >= 2, "pull": level >= 1})
}
