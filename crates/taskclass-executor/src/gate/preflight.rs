//! The gate without a run: everything that would stand against a class in a repository, whatever its inputs. Nothing is written down.

use jiff::Timestamp;
use taskclass_github::{CallError, TokenKind, User};
use taskclass_spec::model::TaskClass;
use taskclass_spec::{RefName, RepoName};

use super::{Refusal, callers, known_id, live, paper};
use crate::ledger::{Ledger, budget};
use crate::port::{Github, Webhooks};

/// What is looked at.
#[derive(Clone, Copy)]
pub struct Preflight<'a, 'g> {
    /// The class, approved or not: nothing is sent.
    pub class: &'a TaskClass,
    /// The repository.
    pub repository: &'a RepoName,
    /// Another base branch than the class's default.
    pub base_ref: Option<&'a RefName>,
    /// GitHub.
    pub github: &'a Github<'g>,
    /// As whom `github` asks.
    pub user: &'a User,
    /// When the token ends, as far as GitHub says.
    pub token_expires: Option<Timestamp>,
    /// What kind of token `github` uses.
    pub token_kind: TokenKind,
    /// The webhooks that this executor may send to; nothing is sent.
    pub webhooks: &'a dyn Webhooks,
    /// What has happened so far: it bounds reach and budget.
    pub ledger: &'a Ledger,
    /// Now.
    pub now: Timestamp,
}

impl std::fmt::Debug for Preflight<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (class, repository) = (self.class.name(), self.repository);
        f.debug_struct("Preflight").field("class", class).field("repository", repository).finish_non_exhaustive()
    }
}

/// Every reason for which a run of the class would be refused there now, but for its inputs. None: it would be let through.
///
/// # Errors
/// GitHub gave no answer.
pub fn preflight(look: &Preflight<'_, '_>) -> Result<Vec<Refusal>, CallError> {
    let Preflight { class, repository, github, ledger, now, .. } = *look;
    let mut reasons = paper::standing(class, repository, ledger, look.token_kind);
    reasons.extend(paper::unready(class, look.webhooks));
    let base_ref = class.base_ref(look.base_ref).map_err(|refused| reasons.push(refused.into())).ok();
    reasons.extend(callers::life(class.policy(), look.token_kind, look.token_expires, now));
    reasons.extend(callers::admit(github, class, &look.user.login)?.err());
    let seen = live::check(&live::Look {
        github,
        class,
        repository,
        // Where the one that was asked for is not allowed, the rest is still to be told.
        base_ref: base_ref.as_ref().unwrap_or(&class.written().base_ref.default),
        login: &look.user.login,
        known_id: known_id(class, repository, ledger),
        reviewers: true,
    })?;
    reasons.extend(seen.reasons);
    let contract = paper::contract(class);
    reasons.extend(budget::admit(ledger.tasks.values(), &contract, now).err().map(Refusal::from));
    Ok(reasons)
}
