//! Classes read and checked, on both sides and by several threads: what is read depends neither on how many there are nor on who
//! comes first.

use std::sync::Arc;

use serde_json::Value;
use taskclass_source::{Finding, Label, RegistryPath, SourceFile, crowd};
use taskclass_spec::{
    Digest, Loaded, SchemaKind,
    model::TaskClass,
    prompt::Partials,
    written::{self, Policy},
};

use crate::{
    Place, Version, Written,
    pair::Pair,
    side::{Side, Stands},
    unreadable,
};

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Before,
    After,
}

/// The two sides, and what their classes are checked under.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    base: &'a Side<'a>,
    head: &'a Side<'a>,
    policies: Option<(Arc<Policy>, Arc<Policy>)>,
    /// What the prompts of each side draw in, read and compiled once.
    partials: (Partials, Partials),
}

impl<'a> Reader<'a> {
    pub(crate) fn new(base: &'a Side<'a>, head: &'a Side<'a>, policies: Option<(Arc<Policy>, Arc<Policy>)>) -> Self {
        Self { base, head, policies, partials: Default::default() }
    }

    pub(crate) fn side(&self, when: When) -> &'a Side<'a> {
        match when {
            When::Before => self.base,
            When::After => self.head,
        }
    }

    /// The policies of both sides.
    pub(crate) fn policies(&self) -> Option<(&Policy, &Policy)> {
        self.policies.as_ref().map(|(before, after)| (&**before, &**after))
    }

    /// The policy that the classes of a side are judged under.
    pub(crate) fn policy(&self, when: When) -> Option<&Arc<Policy>> {
        let (before, after) = self.policies.as_ref()?;
        Some(match when {
            When::Before => before,
            When::After => after,
        })
    }

    fn partials(&self, when: When) -> &Partials {
        match when {
            When::Before => &self.partials.0,
            When::After => &self.partials.1,
        }
    }

    /// Each class on both sides, as far as it is there.
    pub(crate) fn both(&self, pairs: &[&Pair]) -> Vec<(Option<Read>, Option<Read>)> {
        let both = |pair: &Pair| {
            let read = |when: When, path: Option<&RegistryPath>| path.map(|path| Read::of(self, when, path));
            (read(When::Before, pair.before()), read(When::After, pair.after()))
        };
        let shares = crowd::share(self.head.threads(), pairs.len(), |at, own: &mut Vec<_>| {
            own.extend(pairs.get(at).map(|pair| (at, both(pair))));
        });
        let mut read: Vec<_> = shares.into_iter().flatten().collect();
        read.sort_by_key(|(at, _)| *at);
        read.into_iter().map(|(_, both)| both).collect()
    }
}

/// A class on one side, as far as it could be read.
pub(crate) struct Read {
    pub(crate) path: RegistryPath,
    pub(crate) loaded: Option<Loaded<written::TaskClass>>,
    pub(crate) class: Option<TaskClass>,
    pub(crate) findings: Vec<Finding>,
}

impl Read {
    fn of(reader: &Reader<'_>, when: When, path: &RegistryPath) -> Self {
        let side = reader.side(when);
        let bytes = match side.content(path) {
            Stands::Here(bytes) => bytes.to_vec(),
            Stands::Refused(error) => return Self::broken(path, vec![unreadable::refused(&error)]),
            Stands::Absent => return Self::broken(path, Vec::new()),
        };
        let loaded = Loaded::parse(SchemaKind::TaskClass, path, bytes);
        let built = match reader.policy(when) {
            Some(policy) => TaskClass::build_sharing(&loaded, policy, side.files(), reader.partials(when)),
            None => Err(vec![without_policy(&loaded.source)]),
        };
        match built {
            Ok(class) => Self { path: path.clone(), loaded: Some(loaded), class: Some(class), findings: Vec::new() },
            Err(findings) => Self { path: path.clone(), loaded: Some(loaded), class: None, findings },
        }
    }

    fn broken(path: &RegistryPath, findings: Vec<Finding>) -> Self {
        Self { path: path.clone(), loaded: None, class: None, findings }
    }

    /// What is written, if it reads.
    pub(crate) fn written(&self) -> Option<&written::TaskClass> {
        self.loaded.as_ref()?.written.as_ref()
    }

    /// Its digest, if it could be built.
    pub(crate) fn digest(&self) -> Option<Digest> {
        self.class.as_ref().map(|class| class.digest().digest)
    }

    /// What it is called by.
    pub(crate) fn version(&self) -> Version {
        Version {
            path: self.path.clone(),
            version: self.written().map(|class| class.version),
            risk: self.written().map(|class| class.risk),
            digest: self.digest(),
        }
    }

    /// All that is written, if it reads.
    pub(crate) fn content(&self) -> Option<Value> {
        let loaded = self.loaded.as_ref().filter(|loaded| loaded.written.is_some())?;
        Some(loaded.root.as_ref()?.to_json())
    }

    /// The class's name, with its place.
    pub(crate) fn named(&self) -> Option<Written> {
        let loaded = self.loaded.as_ref()?;
        let found = loaded.root.as_ref()?.get("name")?;
        let place = Place { source: Arc::clone(&loaded.source), span: found.span };
        Some(Written { value: Value::from(found.as_str()?), place })
    }
}

fn without_policy(source: &Arc<SourceFile>) -> Finding {
    Finding::error(
        "missing-policy",
        "no class can be checked without a policy, and neither side has one that can be read",
        Label::mark(source, source.whole()),
    )
}
