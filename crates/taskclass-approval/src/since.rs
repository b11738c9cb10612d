//! What was approved last: on a branch's own line back through history, the newest state of each document that is approved
//! *now*.
//!
//! Which state that is, the same [`crate::decide`] says as for a run, by what the protected branch holds: its records, its
//! signers, its policy, and the present time. The change that is looked at has no say in it but by its revocations. Content is
//! compared by git's own object ids and looked into only where one of the records filed could be about it.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fmt,
    sync::Arc,
};

use taskclass_source::files::{Files, RegistryPath};
use taskclass_spec::{
    ClassName, Digest, Loaded, SchemaKind,
    model::TaskClass,
    record::{self, POLICY_NAME},
    registry::paths,
    written::{ApprovalRecord, Policy},
};

use crate::{
    at_commit::AtCommit,
    decide::{self, Case, Decision, RecordFile, Rules, Standing, Trusted},
    git::{Commit, CommitId, GitError, ObjectId, Tree, TreeEntry},
    history,
    registry::{Grounds, NotApproved, policy_rules},
    subject::Subject,
};

/// A document that approvals are about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentName {
    /// The policy.
    Policy,
    /// A class.
    Class(ClassName),
}

impl DocumentName {
    /// The name that records bear.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Policy => POLICY_NAME,
            Self::Class(name) => name.as_str(),
        }
    }
}

impl fmt::Display for DocumentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Content that is approved now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastApproved {
    /// The newest commit of the line that holds it.
    pub commit: CommitId,
    /// By whom, until when.
    pub standing: Standing,
}

/// Where what was approved last is looked for, and by whose rules.
#[derive(Debug, Clone, Copy)]
pub struct Line<'w, 'a> {
    /// The newest state of the branch that comes into question; the line goes on by first parents.
    pub from: &'w CommitId,
    /// The protected branch at its newest: its signers, policy, records and revocations.
    pub rules: &'w Grounds<'a>,
    /// The commit that is looked at: what it revokes is not what was approved.
    pub reviewed: &'w Grounds<'a>,
}

/// The last approved content of each document, in their order; `None` where no state of the line is approved now.
///
/// A policy needs the quorum of its own and of all that stood before it, back to the last one that was approved: who lowers the
/// quorum is not held to the lowered one.
///
/// # Errors
/// Where the records cannot be read, and where history is cut off (a shallow clone) before it is known.
pub fn last_approved(line: Line<'_, '_>, documents: &[DocumentName]) -> Result<Vec<Option<LastApproved>>, NotApproved> {
    let wanted = documents.iter().map(|name| Wanted::new(line.rules, name)).collect::<Result<Vec<_>, _>>()?;
    let trusted = line.rules.trusted_less(line.reviewed);
    let mut walk = Walk { line, trusted, wanted, policies: Vec::new(), trees: HashMap::new() };
    let mut next = Some(line.from.clone());
    while let Some(id) = next.filter(|_| walk.wanted.iter().any(|wanted| wanted.is_open)) {
        let commit = walk.commit(&id)?;
        walk.visit(&id, &commit)?;
        next = commit.parents.into_iter().next();
    }
    walk.policy()?;
    Ok(walk.wanted.into_iter().map(|wanted| wanted.found).collect())
}

/// A document on the way.
struct Wanted {
    name: DocumentName,
    /// The records filed under its name.
    approvals: Vec<RecordFile>,
    /// The content that they say they are about.
    digests: BTreeSet<Digest>,
    /// Whether there is more to look for.
    is_open: bool,
    /// What was looked into already.
    judged: HashSet<Content>,
    found: Option<LastApproved>,
}

impl Wanted {
    fn new(rules: &Grounds<'_>, name: &DocumentName) -> Result<Self, NotApproved> {
        let approvals = rules.filed(name.as_str())?;
        let about = |file: &RecordFile| {
            let bytes = file.record.as_ref().ok()?.as_deref()?;
            record::parse::<ApprovalRecord>(bytes).ok().map(|record| record.digest)
        };
        let digests: BTreeSet<Digest> = approvals.iter().filter_map(about).collect();
        let is_open = !digests.is_empty();
        Ok(Self { name: name.clone(), approvals, digests, is_open, judged: HashSet::new(), found: None })
    }
}

/// A document's content as git names it: its own file, and the folder of prompts that it may draw in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Content {
    own: Option<ObjectId>,
    prompts: Option<ObjectId>,
}

/// How many trees are kept at most.
const MAX_TREES: usize = 2_000;

struct Walk<'w, 'a> {
    line: Line<'w, 'a>,
    /// Whom the branch trusts, without what the commit that is looked at has revoked.
    trusted: Trusted,
    wanted: Vec<Wanted>,
    /// The states of the policy, the newest first, each with the newest commit that holds it.
    policies: Vec<(CommitId, Content)>,
    trees: HashMap<ObjectId, Arc<Tree>>,
}

/// What is needed to decide on a document, and the policy's rules for it.
type Read = (Subject, Vec<RegistryPath>, Rules);

impl Walk<'_, '_> {
    fn visit(&mut self, id: &CommitId, commit: &Commit) -> Result<(), NotApproved> {
        let mut unseen = Vec::new();
        for at in 0..self.wanted.len() {
            if !self.wanted[at].is_open {
                continue;
            }
            let content = self.content(commit, at)?;
            if self.wanted[at].name == DocumentName::Policy {
                // Decided once it is known what stood before each.
                if self.policies.last().is_none_or(|(_, newer)| *newer != content) {
                    self.policies.push((id.clone(), content));
                }
            } else if self.wanted[at].judged.insert(content) {
                unseen.push(at);
            }
        }
        if unseen.is_empty() {
            return Ok(());
        }
        let files = self.files(id)?;
        let mut read = Vec::new();
        for at in unseen {
            let DocumentName::Class(name) = &self.wanted[at].name else { continue };
            read.extend(self.class(&files, name)?.map(|found| (at, found)));
        }
        for (at, found) in self.judge(id, read)? {
            self.wanted[at].found = Some(found);
            self.wanted[at].is_open = false;
        }
        Ok(())
    }

    /// The newest state of the policy that is approved, each held to what stood before it.
    fn policy(&mut self) -> Result<(), NotApproved> {
        let Some(at) = self.wanted.iter().position(|wanted| wanted.name == DocumentName::Policy) else { return Ok(()) };
        // The largest quorum since the last approved one, that one's own included.
        let mut before = 0;
        for (id, _) in std::mem::take(&mut self.policies).into_iter().rev() {
            let Some((read, own)) = self.read_policy(&self.files(&id)?, before) else { continue };
            match self.judge(&id, vec![(at, read)])?.pop() {
                Some((_, found)) => {
                    self.wanted[at].found = Some(found);
                    before = own;
                }
                None => before = before.max(own),
            }
        }
        Ok(())
    }

    fn files(&self, id: &CommitId) -> Result<AtCommit<'_>, NotApproved> {
        AtCommit::new(self.line.rules.files().repository(), id.clone()).map_err(history_error)
    }

    fn commit(&self, id: &CommitId) -> Result<Commit, NotApproved> {
        self.line.rules.files().repository().commit(id).map_err(history_error)
    }

    fn tree(&mut self, id: Option<&ObjectId>) -> Result<Arc<Tree>, NotApproved> {
        let Some(id) = id else { return Ok(Arc::default()) };
        if let Some(tree) = self.trees.get(id) {
            return Ok(Arc::clone(tree));
        }
        if self.trees.len() >= MAX_TREES {
            self.trees.clear();
        }
        let tree = Arc::new(self.line.rules.files().repository().tree(id).map_err(history_error)?);
        self.trees.insert(id.clone(), Arc::clone(&tree));
        Ok(tree)
    }

    fn content(&mut self, commit: &Commit, at: usize) -> Result<Content, NotApproved> {
        let root = self.tree(Some(&commit.tree))?;
        let id = |entry: Option<&TreeEntry>| entry.map(|entry| entry.id.clone());
        let DocumentName::Class(name) = &self.wanted[at].name else {
            return Ok(Content { own: id(root.entries.get(paths::POLICY.as_bytes())), prompts: None });
        };
        let own = format!("{name}.yaml");
        let classes = self.tree(id(root.entries.get(paths::CLASSES.as_bytes())).as_ref())?;
        let prompts = paths::PROMPTS.rsplit('/').next().unwrap_or_default();
        let entry = |name: &str| id(classes.entries.get(name.as_bytes()));
        Ok(Content { own: entry(&own), prompts: entry(prompts) })
    }

    /// Those whose content at a commit is approved now.
    fn judge(&self, commit: &CommitId, read: Vec<(usize, Read)>) -> Result<Vec<(usize, LastApproved)>, NotApproved> {
        let named = |(at, (subject, ..)): &(usize, Read)| self.wanted[*at].digests.contains(&subject.digest);
        let read: Vec<_> = read.into_iter().filter(named).collect();
        let rules = self.line.rules;
        // One walk back for the authors of all of them.
        let sets: Vec<Vec<RegistryPath>> = read.iter().map(|(_, (_, sources, _))| sources.clone()).collect();
        let authors = history::last_changes(rules.files().repository(), commit, &sets).map_err(history_error)?;
        let judged = read.into_iter().zip(authors).filter_map(|((at, (subject, _, own)), change)| {
            let approvals = &self.wanted[at].approvals;
            let authors = [change.author];
            let case = Case { trusted: &self.trusted, ..rules.case(&subject, approvals, &authors, own) };
            match decide::decide(&case) {
                Decision::Approved(standing) => Some((at, LastApproved { commit: commit.clone(), standing })),
                Decision::NotApproved(_) => None,
            }
        });
        Ok(judged.collect())
    }

    /// The policy of a commit, and its own quorum. What cannot be read there was not approved as it is.
    fn read_policy(&self, files: &AtCommit<'_>, before: u32) -> Option<(Read, u32)> {
        let path = paths::at(paths::POLICY);
        let bytes = files.read(&path).ok()??;
        let loaded = Loaded::<Policy>::parse(SchemaKind::Policy, &path, bytes);
        let policy = loaded.written.as_ref()?;
        let subject = Subject::of_policy(&loaded).ok()??;
        let quorum = policy_rules(policy, None).quorum;
        let own = policy_rules(policy, Some(before));
        Some(((subject, vec![path], own), quorum))
    }

    fn class(&self, files: &AtCommit<'_>, name: &ClassName) -> Result<Option<Read>, NotApproved> {
        let rules = self.line.rules;
        let path = super::registry::class_path(name)?;
        let Ok(Some(loaded)) = Loaded::read(files, &path) else { return Ok(None) };
        // The digest does not hang on the policy.
        let Ok(class) = TaskClass::build(&loaded, rules.policy(), files) else { return Ok(None) };
        let subject = Subject::of_class(&class);
        let own = rules.rules(&subject);
        Ok(Some((subject, crate::registry::sources(&class)?, own)))
    }
}

fn history_error(error: GitError) -> NotApproved {
    NotApproved::History(Arc::new(error))
}
