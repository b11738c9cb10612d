//! What was approved last: on the way back through history, the newest content of each document that is approved *now*.
//!
//! Which content that is, the same [`crate::decide`] says as for a run: the records and revocations of the commit that is
//! looked from, its signers, its policy (a policy of its own quorum), and the present time. Content is compared by git's own
//! object ids and looked into only where one of the records filed now could be about it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
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
    decide::{Decision, RecordFile, Rules, Standing},
    git::{Commit, CommitId, GitError, ObjectId, Tree, TreeEntry},
    history,
    registry::{Filed, Grounds, NotApproved, policy_rules},
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
    /// The newest commit that holds it.
    pub commit: CommitId,
    /// By whom, until when.
    pub standing: Standing,
}

/// The last approved content of each document, in their order; `None` where no content in history is approved now.
///
/// # Errors
/// Where the records cannot be read, and where history is cut off (a shallow clone) before it is known.
pub fn last_approved(
    grounds: &Grounds<'_>,
    documents: &[DocumentName],
) -> Result<Vec<Option<LastApproved>>, NotApproved> {
    let wanted = documents.iter().map(|name| Wanted::new(grounds, name)).collect::<Result<Vec<_>, _>>()?;
    let open = wanted.iter().enumerate().filter(|(_, wanted)| !wanted.digests.is_empty()).map(|(at, _)| at).collect();
    let mut walk = Walk { grounds, wanted, trees: HashMap::new(), seen: HashSet::new(), todo: VecDeque::new() };
    walk.ask(grounds.commit(), open);
    while let Some((id, open)) = walk.todo.pop_front() {
        walk.visit(&id, open)?;
    }
    Ok(walk.wanted.into_iter().map(|wanted| wanted.found).collect())
}

/// A document on the way.
struct Wanted {
    name: DocumentName,
    /// The records filed under its name now.
    approvals: Vec<RecordFile>,
    /// The content that they say they are about.
    digests: BTreeSet<Digest>,
    /// What was looked into already and is not approved.
    judged: HashSet<Content>,
    found: Option<LastApproved>,
}

impl Wanted {
    fn new(grounds: &Grounds<'_>, name: &DocumentName) -> Result<Self, NotApproved> {
        let approvals = grounds.filed(name.as_str())?;
        let about = |file: &RecordFile| {
            let bytes = file.record.as_ref().ok()?.as_deref()?;
            record::parse::<ApprovalRecord>(bytes).ok().map(|record| record.digest)
        };
        let digests = approvals.iter().filter_map(about).collect();
        Ok(Self { name: name.clone(), approvals, digests, judged: HashSet::new(), found: None })
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
    grounds: &'w Grounds<'a>,
    wanted: Vec<Wanted>,
    trees: HashMap<ObjectId, Arc<Tree>>,
    /// Where each document was looked for already.
    seen: HashSet<(CommitId, usize)>,
    todo: VecDeque<(CommitId, BTreeSet<usize>)>,
}

impl Walk<'_, '_> {
    fn ask(&mut self, commit: &CommitId, mut open: BTreeSet<usize>) {
        open.retain(|at| self.seen.insert((commit.clone(), *at)));
        if !open.is_empty() {
            self.todo.push_back((commit.clone(), open));
        }
    }

    fn visit(&mut self, id: &CommitId, open: BTreeSet<usize>) -> Result<(), NotApproved> {
        let commit = self.commit(id)?;
        let (mut left, mut unseen) = (BTreeMap::new(), Vec::new());
        for at in open.into_iter().filter(|at| self.wanted[*at].found.is_none()).collect::<Vec<_>>() {
            let content = self.content(&commit, at)?;
            if self.wanted[at].judged.insert(content.clone()) {
                unseen.push(at);
            }
            left.insert(at, content);
        }
        for (at, found) in self.judge(id, &unseen)? {
            left.remove(&at);
            self.wanted[at].found = Some(found);
        }
        // What a commit has from one of its parents comes from there; what it has from none may come from any.
        let mut changed: BTreeMap<usize, Content> = left;
        let mut ways = Vec::new();
        for parent in &commit.parents {
            if changed.is_empty() {
                break;
            }
            let before = self.commit(parent)?;
            let mut same = BTreeSet::new();
            for (at, content) in &changed {
                if self.content(&before, *at)? == *content {
                    same.insert(*at);
                }
            }
            changed.retain(|at, _| !same.contains(at));
            ways.push((parent.clone(), same));
        }
        for (parent, mut same) in ways {
            same.extend(changed.keys());
            self.ask(&parent, same);
        }
        Ok(())
    }

    fn commit(&self, id: &CommitId) -> Result<Commit, NotApproved> {
        self.grounds.files().repository().commit(id).map_err(history_error)
    }

    fn tree(&mut self, id: Option<&ObjectId>) -> Result<Arc<Tree>, NotApproved> {
        let Some(id) = id else { return Ok(Arc::default()) };
        if let Some(tree) = self.trees.get(id) {
            return Ok(Arc::clone(tree));
        }
        if self.trees.len() >= MAX_TREES {
            self.trees.clear();
        }
        let tree = Arc::new(self.grounds.files().repository().tree(id).map_err(history_error)?);
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

    /// Those whose content at a commit is approved now. What cannot be read there was not approved as it is.
    fn judge(&self, commit: &CommitId, documents: &[usize]) -> Result<Vec<(usize, LastApproved)>, NotApproved> {
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let repository = self.grounds.files().repository();
        let files = AtCommit::new(repository, commit.clone()).map_err(history_error)?;
        let mut read = Vec::new();
        for at in documents {
            let wanted = &self.wanted[*at];
            let content = self.read(&files, &wanted.name)?;
            let content = content.filter(|(subject, ..)| wanted.digests.contains(&subject.digest));
            read.extend(content.map(|(subject, sources, rules)| {
                (*at, Filed { subject, sources, approvals: wanted.approvals.clone() }, rules)
            }));
        }
        // One walk back for the authors of all of them.
        let sets: Vec<Vec<RegistryPath>> = read.iter().map(|(_, filed, _)| filed.sources.clone()).collect();
        let authors = history::last_changes(repository, commit, &sets).map_err(history_error)?;
        let judged = read.iter().zip(authors).filter_map(|((at, filed, rules), change)| {
            match self.grounds.decide_under(filed, &[change.author], *rules) {
                Decision::Approved(standing) => Some((*at, LastApproved { commit: commit.clone(), standing })),
                Decision::NotApproved(_) => None,
            }
        });
        Ok(judged.collect())
    }

    fn read(
        &self,
        files: &AtCommit<'_>,
        name: &DocumentName,
    ) -> Result<Option<(Subject, Vec<RegistryPath>, Rules)>, NotApproved> {
        match name {
            DocumentName::Policy => {
                let path = paths::at(paths::POLICY);
                let Ok(Some(bytes)) = files.read(&path) else { return Ok(None) };
                let loaded = Loaded::<Policy>::parse(SchemaKind::Policy, &path, bytes);
                let (Some(policy), Ok(Some(subject))) = (&loaded.written, Subject::of_policy(&loaded)) else {
                    return Ok(None);
                };
                Ok(Some((subject, vec![path], policy_rules(policy, None))))
            }
            DocumentName::Class(name) => {
                let path = super::registry::class_path(name)?;
                let Ok(Some(loaded)) = Loaded::read(files, &path) else { return Ok(None) };
                // The digest does not hang on the policy.
                let Ok(class) = TaskClass::build(&loaded, self.grounds.policy(), files) else { return Ok(None) };
                let subject = Subject::of_class(&class);
                let rules = self.grounds.rules(&subject);
                Ok(Some((subject, crate::registry::sources(&class)?, rules)))
            }
        }
    }
}

fn history_error(error: GitError) -> NotApproved {
    NotApproved::History(Arc::new(error))
}
