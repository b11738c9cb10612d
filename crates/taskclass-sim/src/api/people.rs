//! The token's owner, rate limits, memberships, permissions.

use serde_json::json;

use super::call::Call;
use crate::reply::{Answer, Problem, Reply};

pub(crate) fn me(call: &mut Call<'_>) -> Answer {
    if call.token.kind == crate::scenario::TokenKind::Installation {
        return Err(Problem::new(403, "Resource not accessible by integration"));
    }
    Ok(Reply::ok(call.view().private_user(call.user)))
}

pub(crate) fn rate_limit(call: &mut Call<'_>) -> Answer {
    let standing = call.standing;
    let bucket = |limit: u32, used: u32| json!({"limit": limit, "used": used, "remaining": limit.saturating_sub(used), "reset": standing.reset_second()});
    let core = bucket(standing.limit, standing.used);
    Ok(Reply::ok(json!({
        "resources": {"core": core, "search": bucket(30, 0), "graphql": bucket(5000, 0)},
        "rate": core,
    })))
}

pub(crate) fn membership(call: &mut Call<'_>) -> Answer {
    let (organization, slug, login) = (call.param("org"), call.param("team_slug"), call.param("username"));
    if call.token.sso_required.iter().any(|name| name.eq_ignore_ascii_case(organization)) {
        return Err(Problem::sso(organization));
    }
    let (_, team) = call.world.people.team(organization, slug).ok_or_else(Problem::not_found)?;
    let has = |list: &[String]| list.iter().any(|member| member.eq_ignore_ascii_case(login));
    let (role, state) = match (has(&team.maintainers), has(&team.members), has(&team.pending)) {
        (true, ..) => ("maintainer", "active"),
        (_, true, _) => ("member", "active"),
        (.., true) => ("member", "pending"),
        _ => return Err(Problem::not_found()),
    };
    let url = format!("{}/orgs/{}/teams/{}/memberships/{login}", call.api, team.organization, team.slug);
    Ok(Reply::ok(json!({"url": url, "role": role, "state": state})))
}

pub(crate) fn permission(call: &mut Call<'_>) -> Answer {
    let user = call.world.people.find(call.param("username")).ok_or_else(Problem::not_found)?;
    let repo = call.repo()?;
    let role = repo.role(&call.world.people.get(user).login).to_owned();
    // The older field knows four words only.
    let permission = match role.as_str() {
        "maintain" => "write",
        "triage" => "read",
        other => other,
    };
    let user = call.view().collaborator(user, &role);
    Ok(Reply::ok(json!({"permission": permission, "role_name": role, "user": user})))
}
