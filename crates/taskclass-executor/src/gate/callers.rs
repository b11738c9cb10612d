//! Who asks, and with what token.

use jiff::Timestamp;
use taskclass_github::{CallError, TokenKind};
use taskclass_spec::Caller;
use taskclass_spec::model::TaskClass;
use taskclass_spec::written::{Policy, TokenKind as PolicyKind};

use super::Refusal;
use crate::port::{Github, is_answer};

/// Whether the token's owner may run the class; the line that admits, or the refusal.
///
/// A team that cannot be asked about admits nobody.
pub(super) fn admit(github: &Github<'_>, class: &TaskClass, login: &str) -> Result<Result<String, Refusal>, CallError> {
    let callers = class.callers();
    let own = callers.iter().find(|caller| matches!(caller, Caller::User(user) if user.eq_ignore_ascii_case(login)));
    if let Some(caller) = own {
        return Ok(Ok(caller.to_string()));
    }
    for caller in &callers {
        let Caller::Team { org, slug } = caller else { continue };
        match github.team_membership(org, slug, login) {
            Ok(answer) if answer.value.is_active() => return Ok(Ok(caller.to_string())),
            Ok(_) => {}
            // 404: not a member, or the token cannot know. 403: it may not know.
            Err(error) if is_answer(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Err(Refusal::Caller {
        login: login.to_owned(),
        field: if class.written().callers.is_some() { "callers.allow" } else { "owners" },
        has_oidc: callers.iter().any(|caller| matches!(caller, Caller::Oidc(_))),
        allowed: callers.iter().map(ToString::to_string).collect(),
    }))
}

fn policy_kind(kind: TokenKind) -> Option<PolicyKind> {
    match kind {
        TokenKind::FineGrainedPat => Some(PolicyKind::FineGrainedPat),
        TokenKind::ClassicPat => Some(PolicyKind::ClassicPat),
        TokenKind::OAuth => Some(PolicyKind::Oauth),
        TokenKind::AppUser => Some(PolicyKind::AppUser),
        TokenKind::Unrecognised => None,
    }
}

fn word(kind: PolicyKind) -> &'static str {
    match kind {
        PolicyKind::FineGrainedPat => "fine_grained_pat",
        PolicyKind::AppUser => "app_user",
        PolicyKind::Oauth => "oauth",
        PolicyKind::ClassicPat => "classic_pat",
    }
}

/// Whether the policy allows a token of this kind. It shows in the token itself, so nothing need be asked with it.
pub(super) fn kind(policy: &Policy, kind: TokenKind) -> Option<Refusal> {
    let allowed = &policy.tokens.kinds;
    let known = policy_kind(kind).is_some_and(|kind| allowed.contains(&kind));
    (!known).then(|| Refusal::TokenKind { found: kind, allowed: allowed.iter().map(|kind| word(*kind)).collect() })
}

/// Whether the policy allows a token of this life.
pub(super) fn life(policy: &Policy, kind: TokenKind, expires: Option<Timestamp>, now: Timestamp) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    if let Some(max_age) = policy.tokens.max_age {
        match expires {
            Some(expires) if expires > max_age.after(now) => reasons.push(Refusal::TokenTooOld { expires, max_age }),
            Some(_) => {}
            // An app's user token lives for hours and is refreshed; GitHub states no end for it.
            None if kind == TokenKind::AppUser => {}
            None => reasons.push(Refusal::TokenWithoutEnd { max_age }),
        }
    }
    reasons
}
