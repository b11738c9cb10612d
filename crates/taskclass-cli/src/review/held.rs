//! What a review since the last approval is held against: the protected branch, and whom it trusts.

use std::path::Path;

use jiff::Timestamp;
use taskclass_approval::{
    OpenError,
    anchor::{Anchor, AnchorError, Protected},
    git::{CommitId, FullRef},
    registry::Grounds,
    trust::Pin,
};

use crate::{args, exit::Failure, machine::read_config};

/// The branch as it was named, and the executor's pin where its configuration was.
#[derive(Debug)]
pub(crate) struct HeldTo {
    named: Named,
    pin: Pin,
}

#[derive(Debug)]
enum Named {
    Nothing,
    Revision(String),
    Branch(FullRef),
}

/// The branch, and what it says.
pub(super) struct Branch<'r> {
    /// What it is called; `None` for the reviewed commit's own history.
    pub(super) name: Option<String>,
    /// Its rules; why there are none, if so: then nothing was approved.
    pub(super) rules: Result<Grounds<'r>, String>,
    /// From where on back it is looked for.
    pub(super) from: Option<CommitId>,
}

impl HeldTo {
    /// As the command line says.
    pub(crate) fn of(args: &args::HeldTo) -> Result<Self, Failure> {
        let of_config = |path: &Path| -> Result<Self, Failure> {
            let (config, _) = read_config(path)?;
            let branch = config.registry.git_ref.parse().map_err(Failure::usage)?;
            Ok(Self { named: Named::Branch(branch), pin: Pin::Sha256(config.registry.allowed_signers) })
        };
        match (&args.protected, &args.config) {
            (Some(revision), _) => Ok(Self { named: Named::Revision(revision.clone()), pin: Pin::Unpinned }),
            (None, Some(config)) => of_config(config),
            (None, None) => Ok(Self { named: Named::Nothing, pin: Pin::Unpinned }),
        }
    }

    /// The branch, as `reviewed` sees it.
    pub(super) fn branch<'r>(&self, reviewed: &Grounds<'r>, now: Timestamp) -> Result<Branch<'r>, Failure> {
        let protected = match &self.named {
            Named::Nothing => Protected::AsCloned,
            Named::Revision(revision) => Protected::Revision(revision),
            Named::Branch(branch) => Protected::Branch(branch),
        };
        let repository = reviewed.files().repository();
        let Anchor { branch: name, tip, shared: from } =
            Anchor::of(repository, reviewed.commit(), protected).map_err(|error| {
                let help = match &error {
                    AnchorError::NoBranch(remote) => {
                        format!("--base REV names it; `git remote set-head {remote} --auto` asks the remote for good")
                    }
                    AnchorError::NoRemote(_) | AnchorError::Git(_) => "--base REV names it".to_owned(),
                };
                Failure::usage(&error).help(help)
            })?;
        let rules = match Grounds::open(repository, tip, self.pin, now) {
            Ok(grounds) => Ok(grounds),
            Err(OpenError::Git(error)) => return Err(Failure::usage(error)),
            Err(error) => Err(error.to_string()),
        };
        Ok(Branch { name, rules, from })
    }
}

impl Branch<'_> {
    /// What whoever reads the review has to know of it.
    pub(super) fn note(&self) -> Option<String> {
        let Some(name) = &self.name else {
            return Some(
                "this clone knows no branch of a remote to hold it against, so what its own history says was approved is believed; \
                 --base REV names another branch"
                    .to_owned(),
            );
        };
        match (&self.rules, &self.from) {
            (Err(why), _) => Some(format!("nothing counts as approved before: at {name}, {why}")),
            (_, None) => Some(format!("nothing counts as approved before: it has no history in common with {name}")),
            _ => None,
        }
    }
}
