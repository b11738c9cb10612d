//! Who a request comes from, and what the token may do.

use jiff::Timestamp;

use crate::message::Request;
use crate::reply::Problem;
use crate::scenario::{Access, TokenKind, TokenScript};
use crate::text::matches_pattern;

/// The token that a request bears.
///
/// # Errors
/// 401 where there is none, or it is unknown or over.
pub(crate) fn authenticate(tokens: &[TokenScript], request: &Request, now: Timestamp) -> Result<usize, Problem> {
    let Some(header) = request.header_value("authorization") else {
        return Err(Problem::new(401, "Requires authentication"));
    };
    let text = header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token"));
    let known = text.and_then(|(_, text)| tokens.iter().position(|token| token.token.is(text.trim())));
    known
        .filter(|index| tokens[*index].expires_at.is_none_or(|end| now < end))
        .ok_or_else(|| Problem::new(401, "Bad credentials"))
}

/// Whether a token may use an operation that needs this permission, and perhaps is one of the agent tasks'.
///
/// # Errors
/// 403 as GitHub words it, with the header that says what is missing.
pub(crate) fn permit(
    token: &TokenScript,
    needs: Option<(&'static str, Access)>,
    agent_tasks: bool,
) -> Result<(), Problem> {
    if token.kind == TokenKind::Installation && agent_tasks {
        return Err(Problem::new(403, "Resource not accessible by integration"));
    }
    let Some((permission, access)) = needs else { return Ok(()) };
    if token.kind == TokenKind::Classic {
        let scope = if permission == "members" { "read:org" } else { "repo" };
        if token.scopes.iter().any(|has| has == scope) {
            return Ok(());
        }
        // Without the scope a private thing does not exist.
        return Err(Problem::not_found().header("x-accepted-oauth-scopes", scope.to_owned()));
    }
    let has = match &token.permissions {
        None => Access::Write,
        // Every token reads metadata.
        Some(given) => match given.get(permission) {
            Some(access) => *access,
            None if permission == "metadata" => Access::Read,
            None => Access::None,
        },
    };
    if has >= access {
        return Ok(());
    }
    let word = if access == Access::Write { "write" } else { "read" };
    let message = match token.kind {
        TokenKind::FineGrainedPat => "Resource not accessible by personal access token",
        _ => "Resource not accessible by integration",
    };
    Err(Problem::new(403, message).header("x-accepted-github-permissions", format!("{permission}={word}")))
}

/// Whether a token reaches a repository.
///
/// # Errors
/// 403 where single sign-on stands before it; 404 where it was not given the repository.
pub(crate) fn reach(token: &TokenScript, owner: &str, full_name: &str) -> Result<(), Problem> {
    if token.sso_required.iter().any(|organization| organization.eq_ignore_ascii_case(owner)) {
        return Err(Problem::sso(owner));
    }
    if token.repositories.iter().any(|pattern| matches_pattern(pattern, full_name)) {
        Ok(())
    } else {
        Err(Problem::not_found())
    }
}
