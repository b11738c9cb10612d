//! The token: where it comes from, what kind it is, what GitHub says of it. No part of it is ever told.

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::gate::{token_kind, token_life};
use taskclass_github::{ApiErrorKind, CallError, Meta, TokenKind, User};
use taskclass_spec::written::Policy;

use super::report::{Area, Check};
use crate::{exit::Failure, phrases};

const AREA: Area = Area::Token;

/// A token that ends sooner is to be replaced.
const SOON: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Why there is none to use.
pub(super) fn unusable(failure: &Failure) -> Check {
    let mut check = Check::bad(AREA, "source", failure.message.clone()).because("nothing was sent with it");
    let fix = failure.help.first().cloned();
    check.fix = Some(fix.unwrap_or_else(|| TokenKind::FineGrainedPat.how_to_get().to_owned()));
    check
}

/// What can be said of it without a request, and whether anything may be asked with it.
pub(super) fn kind(source: &str, kind: TokenKind, policy: Option<&Policy>) -> (Vec<Check>, bool) {
    let mut checks = vec![Check::ok(AREA, "source", format!("from {source}"))];
    let refused = policy.and_then(|policy| token_kind(policy, kind));
    // Where the policy is not known, only the narrow kinds are sent anywhere.
    let narrow = matches!(kind, TokenKind::FineGrainedPat | TokenKind::AppUser);
    let usable = if policy.is_some() { refused.is_none() } else { narrow };
    checks.push(match refused {
        Some(refused) => Check::bad(AREA, "kind", refused.to_string())
            .because("nothing was sent with it")
            .fix("put a token of a kind that the policy's `tokens.kinds` names where `github.token` says"),
        None if policy.is_some() => Check::ok(AREA, "kind", format!("{}, which the policy allows", kind.words())),
        None if narrow => Check::ok(AREA, "kind", format!("{}; what the policy allows is not known", kind.words())),
        None => Check::skipped(
            AREA,
            "kind",
            format!("{}; what the policy allows is not known, so nothing was sent with it", kind.words()),
        ),
    });
    (checks, usable)
}

/// What GitHub said of it.
pub(super) fn facts(user: &User, meta: &Meta, kind: TokenKind, policy: Option<&Policy>, now: Timestamp) -> Vec<Check> {
    let mut checks = vec![Check::ok(AREA, "owner", format!("tasks run as @{}", user.login))];
    let expires = meta.token.expires;
    let refused = policy.map(|policy| token_life(policy, kind, expires, now)).unwrap_or_default();
    checks.extend(refused.iter().map(|refusal| Check::bad(AREA, "expiry", refusal.to_string())));
    if refused.is_empty() {
        checks.push(match expires {
            Some(at) if at <= now => Check::bad(AREA, "expiry", format!("it expired at {at}")).fix(kind.how_to_get()),
            Some(at) if at.duration_since(now) < SOON => {
                Check::warn(AREA, "expiry", format!("it expires in {}, at {at}", phrases::span(now, at)))
                    .because("from then on nothing is sent and nothing is watched; tasks at GitHub go on")
                    .fix(kind.how_to_get())
            }
            Some(at) => Check::ok(AREA, "expiry", format!("it expires in {}, at {at}", phrases::span(now, at))),
            None => Check::ok(AREA, "expiry", "GitHub names no end of it"),
        });
    }
    checks.extend(meta.token.scopes.as_deref().map(scopes));
    checks
}

/// A classic or an OAuth token's scopes.
fn scopes(scopes: &[String]) -> Check {
    let says = format!("scopes: {}", if scopes.is_empty() { "none".to_owned() } else { scopes.join(", ") });
    if scopes.iter().any(|scope| scope == "repo") {
        return Check::warn(AREA, "scopes", says)
            .because("`repo` reaches every repository of its owner, whatever classes and policy allow")
            .fix(TokenKind::FineGrainedPat.how_to_get());
    }
    Check::bad(AREA, "scopes", format!("{says}; agent tasks need `repo`")).fix(TokenKind::FineGrainedPat.how_to_get())
}

/// Whether it may read agent tasks. That it may start them shows only when one is started.
pub(super) fn tasks(outcome: &Result<(), CallError>) -> Check {
    match outcome {
        Ok(()) => {
            Check::ok(AREA, "agent_tasks", "it may read agent tasks; that it may start them shows with the first")
        }
        Err(error) => {
            let fix = match error.api().map(|api| &api.kind) {
                Some(ApiErrorKind::MissingPermission { .. }) => {
                    "give the token the repository permission \"Agent tasks\" (read and write)"
                }
                Some(ApiErrorKind::Sso { .. }) => "authorise the token for the organisation's single sign-on",
                _ => {
                    "ask an owner whether the cloud agent is enabled, and whether the token's user has a licence for it"
                }
            };
            Check::bad(AREA, "agent_tasks", error.to_string()).fix(fix)
        }
    }
}
