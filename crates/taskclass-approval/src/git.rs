//! Git as a store of objects: refs resolved exactly, objects read by id, nothing of the user's or machine's settings.
//!
//! One of the three modules of this crate that leave the process. Every call scrubs `GIT_*` from the environment, reads
//! neither the system's nor the user's configuration, runs no hook, follows no replace ref and fetches nothing on the
//! quiet. Paths are never handed to git: trees are walked here, object by object, through one `git cat-file --batch`.

mod batch;
mod branch;
mod command;
mod object;

use std::{
    fmt,
    ops::ControlFlow,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;

pub(crate) use object::{Commit, EntryKind, Object, Tree, TreeEntry};

/// Why git could not answer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The program cannot be started.
    #[error("cannot run git ({0}); install git, or put it on PATH")]
    NotStarted(std::io::Error),
    /// No repository there.
    #[error("{} is not the top of a git repository: {reason}", path.display())]
    NotARepository {
        /// Where.
        path: PathBuf,
        /// Git's words.
        reason: String,
    },
    /// Git said no.
    #[error("git {what} failed: {reason}")]
    Failed {
        /// Which command.
        what: &'static str,
        /// Git's words.
        reason: String,
    },
    /// The ref does not exist.
    #[error("{0} does not exist in the registry")]
    NoSuchRef(FullRef),
    /// Not the id of a commit here.
    #[error("there is no commit {0} in the registry")]
    NoSuchCommit(String),
    /// A short name that several refs bear, of which one may have been made to stand before the other.
    #[error("`{name}` is the name of several: {}; write the one that is meant in full", .meanings.join(", "))]
    Ambiguous {
        /// As asked for.
        name: String,
        /// The full refs.
        meanings: Vec<String>,
    },
    /// An object that should be there is not.
    #[error("object {0} is missing: the clone is shallow or partial; get it whole (git fetch --unshallow)")]
    Missing(ObjectId),
    /// An object cannot be understood.
    #[error("object {id} is broken: {reason}")]
    Broken {
        /// Which.
        id: ObjectId,
        /// Why.
        reason: &'static str,
    },
    /// An object over the limit.
    #[error("object {id} has {size} bytes; at most {limit} are read")]
    TooLarge {
        /// Which.
        id: ObjectId,
        /// Its size.
        size: u64,
        /// The limit.
        limit: u64,
    },
    /// The reading process broke off.
    #[error("reading objects from git broke off: {0}")]
    BrokeOff(String),
}

/// An object's id: 40 or 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct ObjectId(Box<str>);

impl ObjectId {
    /// The most digits that one has.
    const LONGEST: usize = 64;

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn from_raw(bytes: &[u8]) -> Self {
        Self(data_encoding::HEXLOWER.encode(bytes).into())
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text is not an object's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a full commit id (40 or 64 hexadecimal digits)", .0.escape_debug())]
pub struct NotAnId(String);

impl FromStr for ObjectId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if matches!(text.len(), 40 | 64) && text.bytes().all(hex) {
            Ok(Self(text.into()))
        } else {
            Err(NotAnId(text.to_owned()))
        }
    }
}

/// The id of a commit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct CommitId(ObjectId);

impl CommitId {
    /// The digits.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The same as an object's id.
    pub fn object(&self) -> &ObjectId {
        &self.0
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for CommitId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        text.parse().map(Self)
    }
}

/// A ref by its full name, such as `refs/heads/main`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FullRef(String);

/// A text is not a full ref.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAFullRef {
    /// `main` could be a branch, a tag or a remote's branch.
    #[error("`{}` is a short name, which a tag or another branch can shadow; write it in full: refs/heads/{}", .0.escape_debug(), .0.escape_debug())]
    Short(String),
    /// Git would refuse it.
    #[error("`{}` is not a ref's name; write it in full, such as refs/heads/main", .0.escape_debug())]
    Malformed(String),
}

impl FullRef {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FullRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for FullRef {
    type Err = NotAFullRef;

    fn from_str(text: &str) -> Result<Self, NotAFullRef> {
        let Some(rest) = text.strip_prefix("refs/") else {
            return Err(NotAFullRef::Short(text.to_owned()));
        };
        let bad = |c: char| !c.is_ascii_graphic() || matches!(c, '~' | '^' | ':' | '?' | '*' | '[' | '\\' | '{');
        let part_ok = |part: &str| {
            !part.is_empty() && !part.starts_with(['.', '-']) && !part.ends_with('.') && !part.ends_with(".lock")
        };
        let ok = text.len() <= 250
            && !text.contains(bad)
            && !text.contains("..")
            && rest.contains('/')
            && rest.split('/').all(part_ok);
        if ok { Ok(Self(text.to_owned())) } else { Err(NotAFullRef::Malformed(text.to_owned())) }
    }
}

/// A repository's objects and refs.
#[derive(Debug)]
pub struct Repository {
    git_dir: PathBuf,
    batch: Mutex<Option<batch::Batch>>,
}

impl Repository {
    /// Opens the repository whose work tree's top, or whose bare folder, is `path`. A folder below the top is refused.
    pub fn open(path: &Path) -> Result<Self, GitError> {
        let dot_git = path.join(".git");
        let candidate = if dot_git.exists() { dot_git } else { path.to_owned() };
        let output = command::read(&candidate, "rev-parse", ["--absolute-git-dir"])?;
        match output.text() {
            Ok(git_dir) => Ok(Self { git_dir: PathBuf::from(git_dir), batch: Mutex::new(None) }),
            Err(reason) => Err(GitError::NotARepository { path: path.to_owned(), reason }),
        }
    }

    /// The commit that a ref names, by exactly this name.
    pub fn resolve(&self, full_ref: &FullRef) -> Result<CommitId, GitError> {
        // `rev-parse` would go on to look for refs/tags/refs/heads/main and the like; `show-ref --verify` does not.
        let output = command::read(&self.git_dir, "show-ref", ["--verify", "--hash", "--", full_ref.as_str()])?;
        let id = output.text().map_err(|_| GitError::NoSuchRef(full_ref.clone()))?;
        self.existing_commit(&id)
    }

    /// The commit of whatever a person typed (`HEAD`, `v1~2`). For looking only: what is run is named by a full ref.
    ///
    /// # Errors
    /// Where there is no such commit, and where a short name could mean several refs: nobody can shadow a branch by a tag.
    pub fn resolve_revision(&self, revision: &str) -> Result<CommitId, GitError> {
        let unknown = || GitError::NoSuchCommit(revision.escape_debug().to_string());
        let name = revision.split(['~', '^', '@', ':']).next().unwrap_or_default();
        if !name.is_empty() && name != "HEAD" {
            let before = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];
            let could_be = |full: &String| before.iter().any(|start| full.strip_prefix(start) == Some(name));
            let meanings: Vec<String> = self.refs()?.into_iter().filter(could_be).collect();
            let is_exact = meanings.iter().any(|full| full == name);
            if name.starts_with("refs/") && !is_exact {
                return Err(unknown());
            }
            if meanings.len() > 1 && !is_exact {
                return Err(GitError::Ambiguous { name: name.escape_debug().to_string(), meanings });
            }
        }
        let asked = format!("{revision}^{{commit}}");
        let output = command::read(&self.git_dir, "rev-parse", ["--verify", "--quiet", "--end-of-options", &asked])?;
        let id = output.text().map_err(|_| unknown())?;
        self.existing_commit(&id)
    }

    /// The full names of all refs.
    pub fn refs(&self) -> Result<Vec<String>, GitError> {
        let output = command::read(&self.git_dir, "for-each-ref", ["--format=%(refname)"])?;
        let text = output.text().map_err(|_| output.failed("for-each-ref"))?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Whether a part of history is not here.
    pub fn is_shallow(&self) -> Result<bool, GitError> {
        let output = command::read(&self.git_dir, "rev-parse", ["--is-shallow-repository"])?;
        Ok(output.text().map_err(|_| output.failed("rev-parse"))? == "true")
    }

    fn existing_commit(&self, id: &str) -> Result<CommitId, GitError> {
        let unknown = || GitError::NoSuchCommit(id.escape_debug().to_string());
        let id: CommitId = id.parse().map_err(|_| unknown())?;
        match self.object(id.object())? {
            Some(Object::Commit(_)) => Ok(id),
            _ => Err(unknown()),
        }
    }

    /// Whether `newer` is `older` or descends from it. An `older` that is gone is no ancestor of anything.
    pub fn is_ancestor(&self, older: &CommitId, newer: &CommitId) -> Result<bool, GitError> {
        if self.object(older.object())?.is_none() {
            return Ok(false);
        }
        let output = command::read(&self.git_dir, "merge-base", ["--is-ancestor", older.as_str(), newer.as_str()])?;
        match output.code {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(output.failed("merge-base")),
        }
    }

    /// The remote that this clone came from, if any: `origin`.
    pub fn has_origin(&self) -> Result<bool, GitError> {
        let output = command::read(&self.git_dir, "config", ["--local", "--includes", "--get", "remote.origin.url"])?;
        match output.code {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            // A configuration that cannot be read may well name one: the local branch is not believed in its place.
            _ => Err(output.failed("config")),
        }
    }

    /// Fetches the ref from `origin` and gives its commit there. Local branches stay as they are: what was fetched is
    /// kept under `refs/taskclass/`. The user's configuration is read here, and only here, for their credentials.
    pub fn fetch(&self, full_ref: &FullRef) -> Result<CommitId, GitError> {
        let kept = format!("refs/taskclass/{}", full_ref.as_str().trim_start_matches("refs/"));
        let refspec = format!("+{full_ref}:{kept}");
        let output = command::fetch(&self.git_dir, &refspec)?;
        if output.code != Some(0) {
            return Err(output.failed("fetch"));
        }
        self.resolve(&FullRef(kept))
    }

    /// The commit that counts now: as `origin` has it, or as this repository has it where there is no `origin`.
    pub fn latest(&self, full_ref: &FullRef) -> Result<CommitId, GitError> {
        if self.has_origin()? { self.fetch(full_ref) } else { self.resolve(full_ref) }
    }

    /// When a commit was made, by the clock of whoever made it.
    pub fn committed_at(&self, commit: &CommitId) -> Result<Timestamp, GitError> {
        let output = command::read(&self.git_dir, "log", ["-1", "--format=%ct", commit.as_str(), "--"])?;
        let seconds = output.text().ok().and_then(|text| text.parse().ok());
        seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or_else(|| output.failed("log"))
    }

    /// An object by its id; `None` where there is none.
    pub(crate) fn object(&self, id: &ObjectId) -> Result<Option<Object>, GitError> {
        let mut found = None;
        self.objects(std::slice::from_ref(id), &mut |_, object| {
            found = object;
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// Objects by their ids, shown to `see` one after the other until it has seen enough; `None` where there is none. Many
    /// at once cost far less than one after the other.
    pub(crate) fn objects(
        &self,
        ids: &[ObjectId],
        see: &mut dyn FnMut(&ObjectId, Option<Object>) -> ControlFlow<()>,
    ) -> Result<(), GitError> {
        let mut slot = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        let batch = match slot.take() {
            Some(batch) => batch,
            None => batch::Batch::start(&self.git_dir)?,
        };
        // A process that broke off is not put back: its answers would be out of step.
        let mut broken = None;
        let batch = batch.ask(ids, &mut |id, raw| match raw.map(|raw| raw.decode(id)).transpose() {
            Ok(object) => see(id, object),
            Err(error) => {
                broken = Some(error);
                ControlFlow::Break(())
            }
        })?;
        *slot = Some(batch);
        drop(slot);
        broken.map_or(Ok(()), Err)
    }

    /// A commit by its id.
    pub(crate) fn commit(&self, id: &CommitId) -> Result<Commit, GitError> {
        match self.object(id.object())? {
            Some(Object::Commit(commit)) => Ok(commit),
            Some(_) => Err(GitError::Broken { id: id.object().clone(), reason: "not a commit" }),
            None => Err(GitError::Missing(id.object().clone())),
        }
    }

    /// A tree by its id.
    pub(crate) fn tree(&self, id: &ObjectId) -> Result<Tree, GitError> {
        match self.object(id)? {
            Some(Object::Tree(tree)) => Ok(tree),
            Some(_) => Err(GitError::Broken { id: id.clone(), reason: "not a tree" }),
            None => Err(GitError::Missing(id.clone())),
        }
    }

    /// A file's content by its id.
    pub(crate) fn blob(&self, id: &ObjectId) -> Result<Vec<u8>, GitError> {
        match self.object(id)? {
            Some(Object::Blob(bytes)) => Ok(bytes),
            Some(_) => Err(GitError::Broken { id: id.clone(), reason: "not a blob" }),
            None => Err(GitError::Missing(id.clone())),
        }
    }
}
