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
pub(crate) fn admit(github: &Github<'_>, class: &TaskClass, login: &str) -> Result<Result<String, Refusal>, CallError> {
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

/// The client's word for a kind that the policy names.
fn of_policy(kind: PolicyKind) -> TokenKind {
    match kind {
        PolicyKind::FineGrainedPat => TokenKind::FineGrainedPat,
        PolicyKind::AppUser => TokenKind::AppUser,
        PolicyKind::Oauth => TokenKind::OAuth,
        PolicyKind::ClassicPat => TokenKind::ClassicPat,
    }
}

/// Whether the policy allows a token of this kind. It shows in the token itself, so nothing need be asked with it.
pub fn kind(policy: &Policy, kind: TokenKind) -> Option<Refusal> {
    let allowed: Vec<_> = policy.tokens.kinds.iter().copied().map(of_policy).collect();
    (!allowed.contains(&kind)).then_some(Refusal::TokenKind { found: kind, allowed })
}

/// Whether the policy allows a token of this life.
pub fn life(policy: &Policy, kind: TokenKind, expires: Option<Timestamp>, now: Timestamp) -> Vec<Refusal> {
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
