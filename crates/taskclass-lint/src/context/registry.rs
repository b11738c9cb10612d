//! What all classes share, as rules see it.

use jiff::civil::Date;
use taskclass_source::{Files, ReadError, RegistryPath};
use taskclass_spec::prompt::Partials;
use taskclass_spec::record::{Found, POLICY_NAME};
use taskclass_spec::registry::{Surroundings, paths, stem};
use taskclass_spec::{ClassName, Inventory, Loaded, written};

use super::approvals::ApprovalIndex;
use super::document::{At, Document};
use super::known::KnownRepositories;
use crate::executor_facts::ExecutorFacts;
use crate::scope::Scope;

/// What all classes share.
pub(crate) struct RegistryContext<'a> {
    pub(crate) surroundings: &'a Surroundings,
    pub(crate) files: &'a dyn Files,
    /// What the run reports on.
    pub(crate) scope: &'a Scope,
    /// The partials of all prompts, read once.
    pub(crate) partials: Partials,
    pub(crate) policy: Option<PolicyContext<'a>>,
    /// The day for which it is asked whether something has expired.
    pub(crate) today: Date,
    /// The repositories of the inventory, if there is a sound one.
    pub(crate) known: Option<KnownRepositories<'a>>,
    /// Which classes there are.
    pub(crate) classes: ClassIndex<'a>,
    /// Which approvals there are.
    pub(crate) approvals: ApprovalIndex,
    /// The registry as it is where the change starts from, if that was given.
    pub(crate) base: Option<BaseRegistry<'a>>,
    /// What the executor knows, if that was given.
    pub(crate) executor: Option<&'a ExecutorFacts>,
    /// Files that exist and could not be read; those of classes only once all classes had their turn.
    pub(crate) unreadable: Vec<ReadError>,
    /// Classes that exist where the change starts from and could not be had, once all classes had their turn.
    pub(crate) unreadable_at_base: Vec<ReadError>,
}

impl<'a> RegistryContext<'a> {
    /// Whether the run is over the whole registry.
    pub(crate) fn is_whole(&self) -> bool {
        *self.scope == Scope::All
    }

    pub(crate) fn inventory(&self) -> Option<&'a Inventory> {
        self.surroundings.inventory()
    }

    pub(crate) fn catalogue(&self) -> &'a written::Catalogue {
        self.surroundings.catalogue()
    }
}

/// The policy: the document, and its value if nothing is wrong with it.
pub(crate) struct PolicyContext<'a> {
    pub(crate) document: Document<'a>,
    pub(crate) policy: &'a written::Policy,
    pub(crate) catalogue: &'a written::Catalogue,
    pub(crate) surroundings: &'a Surroundings,
    /// The day for which it is asked whether something has expired.
    pub(crate) today: Date,
    files: &'a dyn Files,
}

impl<'a> PolicyContext<'a> {
    /// The policy of a registry, if there is a sound one.
    pub(crate) fn of(surroundings: &'a Surroundings, files: &'a dyn Files, today: Date) -> Option<Self> {
        let loaded = surroundings.policy.as_ref()?;
        let policy = loaded.written.as_ref()?;
        let document = Document::of(loaded);
        Some(Self { document, policy, catalogue: surroundings.catalogue(), surroundings, today, files })
    }

    /// The approvals that are filed under its name; `None` where their folder cannot be listed.
    pub(crate) fn approvals(&self) -> Option<Found<written::ApprovalRecord>> {
        ApprovalIndex::OneByOne.of(self.files, POLICY_NAME)
    }

    pub(crate) fn at(&self, path: &str) -> At<'a> {
        self.document.at(path)
    }
}

/// Which classes there are, without what is in them.
#[derive(Clone, Copy)]
pub(crate) struct ClassIndex<'a>(&'a [RegistryPath]);

impl<'a> ClassIndex<'a> {
    /// Of the sorted paths of all classes.
    pub(crate) fn new(paths: &'a [RegistryPath]) -> Self {
        Self(paths)
    }

    /// The names of all class files, for "did you mean".
    pub(crate) fn names(self) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(stem)
    }

    /// The path of the class whose file bears `name`.
    pub(crate) fn path(self, name: &ClassName) -> Option<&'a RegistryPath> {
        let path = paths::at(paths::CLASSES).join(format!("{name}.yaml")).ok()?;
        self.0.binary_search(&path).ok().map(|at| &self.0[at])
    }
}

/// The registry at the state that a change starts from. Its classes are read when they are asked for.
#[derive(Clone, Copy)]
pub(crate) struct BaseRegistry<'a> {
    /// Its files, for the prompts that its classes draw in.
    pub(crate) files: &'a dyn Files,
    /// What it is called: a revision.
    pub(crate) name: &'a str,
}

impl<'a> BaseRegistry<'a> {
    pub(crate) fn new(files: &'a dyn Files, name: &'a str) -> Self {
        Self { files, name }
    }

    /// The class at `path`; `None` if there is none, or something that nobody could approve or run.
    ///
    /// # Errors
    /// If it may be there and cannot be had.
    pub(crate) fn class(&self, path: &RegistryPath) -> Result<Option<Loaded<written::TaskClass>>, ReadError> {
        match Loaded::read(self.files, path) {
            // What stands there is no class, and a change that puts one in its place needs nothing of it.
            Err(ReadError::SymbolicLink { .. } | ReadError::WrongKind { .. } | ReadError::TooLarge { .. }) => Ok(None),
            read => read,
        }
    }
}
