//! How every document of a registry stands: each is decided as for a run, and all together read no object twice.

use std::num::NonZeroUsize;

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
const AHEAD: usize = 250;

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
}

impl ApprovedRegistry<'_> {
    /// How the policy stands.
    pub fn policy_state(&self) -> DocumentState {
        DocumentState {
            kind: DocumentKind::Policy,
            name: POLICY_NAME.to_owned(),
            path: paths::at(paths::POLICY),
            state: Ok(self.policy_decision.clone()),
        }
    }

    /// How one class stands.
    ///
    /// # Errors
    /// [`NotApproved::NoSuchClass`]; whatever else is wrong is part of the state.
    pub fn class_state(&self, name: &ClassName) -> Result<DocumentState, NotApproved> {
        match self.class(name).and_then(|class| self.decide_class(&class)) {
            Err(none @ NotApproved::NoSuchClass { .. }) => Err(none),
            decided => Ok(of_class(class_path(name)?, decided)),
        }
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
        let mut filed = Vec::with_capacity(paths.len());
        for some in paths.chunks(AHEAD) {
            // A folder that cannot be listed is told of where its class is read.
            let records = |path: &RegistryPath| {
                approvals.join(stem(path)).ok().and_then(|folder| self.files().list(&folder).ok()).unwrap_or_default()
            };
            let records: Vec<RegistryPath> = some.iter().flat_map(records).collect();
            self.files().read_ahead(some.iter().chain(&records));
            filed.extend(in_order(threads, some.len(), |at| self.filed_at(&some[at])));
        }
        // One walk through history for all classes that somebody has signed.
        let signed = filed.iter().filter_map(|filed| filed.as_ref().ok()).filter(|filed| filed.is_signed());
        let sets: Vec<Vec<RegistryPath>> = signed.map(|filed| filed.sources.clone()).collect();
        let authors = self.grounds.authors(&sets);
        let mut next = 0;
        let ready: Vec<(Result<Filed, NotApproved>, Result<Vec<String>, NotApproved>)> = filed
            .into_iter()
            .map(|filed| {
                let own = match (&filed, &authors) {
                    (Ok(filed), Ok(authors)) if filed.is_signed() => {
                        next += 1;
                        Ok(authors.get(next - 1).cloned().into_iter().collect())
                    }
                    (Ok(filed), Err(error)) if filed.is_signed() => Err(error.clone()),
                    _ => Ok(Vec::new()),
                };
                (filed, own)
            })
            .collect();
        let decided = in_order(threads, ready.len(), |at| {
            let (filed, authors) = &ready[at];
            let filed = filed.as_ref().map_err(Clone::clone)?;
            Ok(self.grounds.decide(filed, authors.as_ref().map_err(Clone::clone)?))
        });
        let classes = paths.into_iter().zip(decided).map(|(path, decided)| of_class(path, decided));
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

fn of_class(path: RegistryPath, state: Result<Decision, NotApproved>) -> DocumentState {
    DocumentState { kind: DocumentKind::TaskClass, name: stem(&path).to_owned(), path, state }
}

/// What `work` gives for each number below `count`, by number.
fn in_order<T: Send>(threads: NonZeroUsize, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let shares = crowd::share(threads, count, |at, own: &mut Vec<(usize, T)>| own.push((at, work(at))));
    let mut all: Vec<(usize, T)> = shares.into_iter().flatten().collect();
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, done)| done).collect()
}
