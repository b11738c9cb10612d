//! What a change is held against: the protected branch, which the change itself has not moved.
//!
//! Whoever proposes a change writes everything on its branch: the trust file, the policy, the records. So what counts as
//! approved before it is read where its author alone cannot write.

use crate::git::{CommitId, FullRef, GitError, Repository};

/// Which branch is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protected<'a> {
    /// The one that the clone shows: `HEAD`, else `main`, else `master` of its remote, which is `origin` or the only one.
    AsCloned,
    /// Whatever somebody named.
    Revision(&'a str),
    /// The branch that an executor reads, as the remote has it if there is one.
    Branch(&'a FullRef),
}

/// The protected branch, as a commit that is looked at sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// How people call it; `None` where the clone knows of no branch but its own, whose history is believed then.
    pub branch: Option<String>,
    /// Its newest commit that is known here. Its rules count.
    pub tip: CommitId,
    /// The newest state of the branch that the commit contains; `None` if it contains none. What was approved is looked for
    /// from here on back.
    pub shared: Option<CommitId>,
}

/// Why nobody can say which branch is protected.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// Git could not answer.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A remote without a branch that is likely to be it.
    #[error("which branch of `{}` is protected is not known here: it has no HEAD, main or master", .0.escape_debug())]
    NoBranch(String),
    /// Several remotes, and no `origin`.
    #[error("which remote has the protected branch is not known here: there are {}, and no origin", .0.join(", "))]
    NoRemote(Vec<String>),
}

impl Anchor {
    /// The anchor of `commit`.
    ///
    /// # Errors
    /// Where there are remotes, and it is not clear which branch of them is meant: the commit's own history would then be
    /// believed in its place. And where there is no such branch.
    pub fn of(repository: &Repository, commit: &CommitId, protected: Protected<'_>) -> Result<Self, AnchorError> {
        let (branch, tip) = match protected {
            Protected::Revision(revision) => (revision.to_owned(), repository.resolve_revision(revision)?),
            Protected::Branch(full) => {
                let short = full.as_str().strip_prefix("refs/heads/");
                match (remote(repository)?, short) {
                    (Some(remote), Some(short)) => resolved(repository, &tracking(&remote, short)?)?,
                    _ => resolved(repository, full)?,
                }
            }
            Protected::AsCloned => {
                let Some(remote) = remote(repository)? else {
                    return Ok(Self { branch: None, tip: commit.clone(), shared: Some(commit.clone()) });
                };
                resolved(repository, &likely(repository, &remote)?)?
            }
        };
        let shared = repository.left_at(&tip, commit)?;
        Ok(Self { branch: Some(branch), tip, shared })
    }
}

/// The remote of which anything is known here: `origin`, or the only one.
fn remote(repository: &Repository) -> Result<Option<String>, AnchorError> {
    let refs = repository.refs()?;
    let mut known = repository.remotes()?;
    known.retain(|remote| refs.iter().any(|full| full.starts_with(&format!("refs/remotes/{remote}/"))));
    match known.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        several if several.iter().any(|remote| remote == "origin") => Ok(Some("origin".to_owned())),
        _ => Err(AnchorError::NoRemote(known)),
    }
}

fn tracking(remote: &str, branch: &str) -> Result<FullRef, GitError> {
    let full = format!("refs/remotes/{remote}/{branch}");
    full.parse().map_err(|_| GitError::NoSuchCommit(full.escape_debug().to_string()))
}

fn resolved(repository: &Repository, full: &FullRef) -> Result<(String, CommitId), GitError> {
    let tip = repository.resolve(full)?;
    let name = full.as_str();
    let short = ["refs/remotes/", "refs/heads/"].iter().find_map(|start| name.strip_prefix(start));
    Ok((short.unwrap_or(name).to_owned(), tip))
}

/// The branch of a remote that is most likely the protected one.
fn likely(repository: &Repository, remote: &str) -> Result<FullRef, AnchorError> {
    let below = format!("refs/remotes/{remote}/");
    let head = repository.stands_for(&format!("{below}HEAD"))?.filter(|full| full.as_str().starts_with(&below));
    let named = ["main", "master"].into_iter().filter_map(|branch| tracking(remote, branch).ok());
    head.into_iter()
        .chain(named)
        .find(|full| repository.resolve(full).is_ok())
        .ok_or_else(|| AnchorError::NoBranch(remote.to_owned()))
}
