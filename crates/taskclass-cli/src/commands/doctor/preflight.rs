//! A class, or every class, on a repository: what a run there would be refused for, but for its inputs.

use jiff::Timestamp;
use taskclass_approval::ApprovedRegistry;
use taskclass_executor::{
    Github, Ledger, Webhooks,
    gate::{Preflight, preflight},
};
use taskclass_github::{CallError, TokenKind, User};
use taskclass_spec::{ClassName, RepoName, model::TaskClass};

use super::report::{Area, Check};
use crate::exit::Failure;

const AREA: Area = Area::Preflight;

/// What is asked about.
pub(super) struct Question {
    pub(super) class: Option<ClassName>,
    pub(super) repository: Option<RepoName>,
}

impl Question {
    pub(super) fn asked(class: Option<&str>, repository: Option<&str>) -> Result<Self, Failure> {
        Ok(Self {
            class: class.map(str::parse).transpose().map_err(Failure::usage)?,
            repository: repository.map(str::parse).transpose().map_err(Failure::usage)?,
        })
    }

    /// Whether anything is asked about at all.
    pub(super) fn is_some(&self) -> bool {
        self.class.is_some() || self.repository.is_some()
    }
}

/// Who asks, and with what.
pub(super) struct Asker<'a> {
    pub(super) github: &'a Github<'static>,
    pub(super) user: &'a User,
    pub(super) token_kind: TokenKind,
    pub(super) token_expires: Option<Timestamp>,
    pub(super) webhooks: &'a dyn Webhooks,
    pub(super) ledger: &'a Ledger,
    pub(super) now: Timestamp,
}

/// The checks, and whether GitHub gave an answer to all of them.
pub(super) fn look(
    question: &Question,
    registry: &ApprovedRegistry<'_>,
    classes: &[TaskClass],
    asker: &Asker<'_>,
) -> (Vec<Check>, bool) {
    let mut checks = Vec::new();
    if let Some(name) = &question.class {
        // Whether it may be run at all: approved, under an approved policy.
        match registry.approve_class(name) {
            Ok(_) => checks.push(Check::ok(AREA, "approved", format!("`{name}` is approved"))),
            Err(error) => checks.push(
                Check::bad(AREA, "approved", error.to_string())
                    .fix(format!("`taskclass verify {name}` says what is missing")),
            ),
        }
    }
    let Some(repository) = &question.repository else { return (checks, true) };
    let asked_for: Vec<&TaskClass> = match &question.class {
        Some(name) => classes.iter().filter(|class| class.name() == name).collect(),
        None => classes.iter().filter(|class| class.reaches(repository).is_ok()).collect(),
    };
    if asked_for.is_empty() && question.class.is_none() {
        let check = Check::bad(AREA, "repository", format!("no class reaches {repository}"))
            .fix("a class names it under `repositories.allow`, and neither class nor policy denies it");
        return (vec![check], true);
    }
    let mut answered = true;
    for class in asked_for {
        let look = Preflight {
            class,
            repository,
            base_ref: None,
            github: asker.github,
            user: asker.user,
            token_expires: asker.token_expires,
            token_kind: asker.token_kind,
            webhooks: asker.webhooks,
            ledger: asker.ledger,
            now: asker.now,
        };
        let name = class.name();
        match preflight(&look) {
            Ok(reasons) if reasons.is_empty() => {
                checks.push(Check::ok(AREA, "run", format!("`{name}` would be let through on {repository}")));
            }
            Ok(reasons) => {
                let check = |reason| Check::bad(AREA, "run", format!("`{name}` on {repository}: {reason}"));
                checks.extend(reasons.iter().map(check));
            }
            Err(error) => {
                answered &= !unanswered(&error);
                checks.push(Check::bad(AREA, "run", format!("`{name}` on {repository}: {error}")));
            }
        }
    }
    (checks, answered)
}

fn unanswered(error: &CallError) -> bool {
    super::github::is_unreachable(error)
}
