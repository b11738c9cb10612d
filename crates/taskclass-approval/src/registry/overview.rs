//! How every document of a registry stands: each is decided as for a run, and all together read no object twice.

use std::{num::NonZeroUsize, thread};

use taskclass_source::{
    crowd,
    files::{Files, ReadError, RegistryPath},
};
use taskclass_spec::{
    ClassName,
    record::POLICY_NAME,
    registry::{class_paths, paths, stem},
    written::DocumentKind,
};

use super::{ApprovedRegistry, Filed, NotApproved, class_path};
use crate::decide::Decision;

/// So many classes are read ahead at once.
const AHEAD: usize = 100;

/// One document and how it stands.
#[derive(Debug)]
pub struct DocumentState {
    /// What it is.
    pub kind: DocumentKind,
    /// Its name: the class file's stem, or `policy`.
    pub name: String,
    /// Its path in the registry.
    pub path: RegistryPath,
    /// The decision, or why none could be made.
    pub state: Result<Decision, NotApproved>,
    /// The e-mail addresses of those who last changed it, whose approvals do not count; empty where that is not known.
    pub authors: Vec<String>,
    /// The files that its digest covers, its own first; none where it cannot be read.
    pub files: Vec<RegistryPath>,
}

impl ApprovedRegistry<'_> {
    /// How the policy stands.
    pub fn policy_state(&self) -> DocumentState {
        DocumentState {
            kind: DocumentKind::Policy,
            name: POLICY_NAME.to_owned(),
            path: paths::at(paths::POLICY),
            state: Ok(self.policy_decision.clone()),
            authors: self.policy_authors.clone(),
            files: vec![paths::at(paths::POLICY)],
        }
    }

    /// How one class stands.
    ///
    /// # Errors
    /// [`NotApproved::NoSuchClass`]; whatever else is wrong is part of the state.
    pub fn class_state(&self, name: &ClassName) -> Result<DocumentState, NotApproved> {
        let path = class_path(name)?;
        let filed = match self.class(name).and_then(|class| self.grounds.filed_class(&class)) {
            Err(none @ NotApproved::NoSuchClass { .. }) => return Err(none),
            Err(other) => return Ok(of_class(path, Err(other), Vec::new(), Vec::new())),
            Ok(filed) => filed,
        };
        let authors = self.grounds.authors(std::slice::from_ref(&filed.sources));
        let decided = self.decide_filed(&filed, &authors);
        Ok(of_class(path, decided, authors.unwrap_or_default(), filed.sources))
    }

    /// How every document stands: the policy first, then the classes by path. Several threads share the work; the result
    /// does not hang on how many.
    ///
    /// # Errors
    /// Where the folder of classes cannot be listed.
    pub fn overview(&self, threads: NonZeroUsize) -> Result<Vec<DocumentState>, ReadError> {
        let paths = class_paths(self.files())?;
        let approvals = paths::at(paths::APPROVALS);
        self.files().folders_ahead(&approvals);
        // A folder that cannot be listed is told of where its class is read.
        let records = |path: &RegistryPath| {
            approvals.join(stem(path)).ok().and_then(|folder| self.files().list(&folder).ok()).unwrap_or_default()
        };
        let read = |some: &[RegistryPath]| {
            let records: Vec<RegistryPath> = some.iter().flat_map(records).collect();
            self.files().read_ahead(some.iter().chain(&records));
        };
        let mut filed = Vec::with_capacity(paths.len());
        let mut chunks = paths.chunks(AHEAD).peekable();
        chunks.peek().into_iter().for_each(|first| read(first));
        // While some are worked on, the next are read.
        while let Some(some) = chunks.next() {
            thread::scope(|scope| {
                let next = chunks.peek().map(|next| thread::Builder::new().spawn_scoped(scope, || read(next)));
                filed.extend(in_order(threads, some.len(), |at| self.filed_at(&some[at])));
                // Without a thread to be had, each is read when it is wanted.
                drop(next);
            });
        }
        // One walk through history for all classes.
        let known = filed.iter().filter_map(|filed| filed.as_ref().ok());
        let sets: Vec<Vec<RegistryPath>> = known.map(|filed| filed.sources.clone()).collect();
        let authors = self.grounds.authors(&sets);
        let mut next = authors.as_deref().unwrap_or_default().iter();
        let own = |filed: &Result<Filed, NotApproved>| match (filed, &authors) {
            (Ok(_), Ok(_)) => Ok(next.next().cloned().into_iter().collect::<Vec<String>>()),
            (Ok(_), Err(error)) => Err(error.clone()),
            (Err(_), _) => Ok(Vec::new()),
        };
        let authors: Vec<Result<Vec<String>, NotApproved>> = filed.iter().map(own).collect();
        let decided = in_order(threads, filed.len(), |at| {
            self.decide_filed(filed[at].as_ref().map_err(Clone::clone)?, &authors[at])
        });
        let classes =
            paths.into_iter().zip(decided).zip(authors).zip(filed).map(|(((path, decided), authors), filed)| {
                of_class(
                    path,
                    decided,
                    authors.unwrap_or_default(),
                    filed.map(|filed| filed.sources).unwrap_or_default(),
                )
            });
        Ok(std::iter::once(self.policy_state()).chain(classes).collect())
    }

    /// A class file's content with what is filed about it.
    fn filed_at(&self, path: &RegistryPath) -> Result<Filed, NotApproved> {
        match self.grounds.class_at(path)? {
            Some(class) => self.grounds.filed_class(&class),
            None => {
                Err(NotApproved::Unreadable(ReadError::WrongKind { path: path.clone(), expected: "a regular file" }))
            }
        }
    }
}

fn of_class(
    path: RegistryPath,
    state: Result<Decision, NotApproved>,
    authors: Vec<String>,
    files: Vec<RegistryPath>,
) -> DocumentState {
    DocumentState { kind: DocumentKind::TaskClass, name: stem(&path).to_owned(), path, state, authors, files }
}

/// What `work` gives for each number below `count`, by number.
fn in_order<T: Send>(threads: NonZeroUsize, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let shares = crowd::share(threads, count, |at, own: &mut Vec<(usize, T)>| own.push((at, work(at))));
    let mut all: Vec<(usize, T)> = shares.into_iter().flatten().collect();
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, done)| done).collect()
}
