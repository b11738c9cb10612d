//! What all classes of a registry share, read once: policy, catalogue, inventory, who may sign, what was withdrawn.

use std::{collections::BTreeMap, sync::Arc};

use taskclass_source::{Files, Finding, Label, ReadError, RegistryPath, SourceFile};

use crate::{
    SchemaKind, catalogue,
    digest::DocumentDigest,
    inventory::{Inventory, InventoryError},
    loaded::Loaded,
    paths,
    record::{self, Filed},
    signers::TrustFile,
    written,
};

/// A registry but for its classes, with what is wrong still in it.
#[derive(Debug)]
pub struct Surroundings {
    /// The policy; `None` if there is no such file.
    pub policy: Option<Loaded<written::Policy>>,
    /// The registry's own catalogue; `None` where the built-in one serves.
    pub own_catalogue: Option<Loaded<written::Catalogue>>,
    /// The inventory, or its bad lines; `None` if there is no such file.
    pub inventory: Option<Result<Inventory, Vec<InventoryError>>>,
    /// Who may sign; `None` if there is no such file.
    pub trust: Option<TrustFile>,
    /// The revocations, without a look at their signatures.
    pub revocations: Vec<Filed<written::RevocationRecord>>,
    /// Files of these that exist and could not be read.
    pub unreadable: Vec<ReadError>,
}

impl Surroundings {
    /// Reads them; what cannot be read is part of the result.
    pub fn load(files: &dyn Files) -> Self {
        let mut unreadable = Vec::new();
        let mut read = |path: &RegistryPath| match files.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                unreadable.push(error);
                None
            }
        };
        let policy_path = paths::at(paths::POLICY);
        let policy = read(&policy_path).map(|bytes| Loaded::parse(SchemaKind::Policy, &policy_path, bytes));
        let models_path = paths::at(paths::MODELS);
        let own_catalogue = read(&models_path).map(|bytes| Loaded::parse(SchemaKind::Models, &models_path, bytes));
        let inventory_path = paths::at(paths::INVENTORY);
        let inventory = read(&inventory_path).map(|bytes| {
            Inventory::parse(SourceFile::new(paths::INVENTORY, String::from_utf8_lossy(&bytes).into_owned()))
        });
        let trust = read(&paths::at(paths::ALLOWED_SIGNERS)).map(TrustFile::of);
        let revocations = match record::below(files, &paths::at(paths::REVOCATIONS)) {
            Ok(found) => {
                unreadable.extend(found.unreadable);
                found.filed
            }
            Err(error) => {
                unreadable.push(error);
                Vec::new()
            }
        };
        Self { policy, own_catalogue, inventory, trust, revocations, unreadable }
    }

    /// The catalogue that counts: the registry's own if it is sound, else the built-in one.
    pub fn catalogue(&self) -> &written::Catalogue {
        self.own_catalogue.as_ref().and_then(|own| own.written.as_ref()).unwrap_or_else(|| catalogue::built_in())
    }

    /// The inventory, if there is a sound one.
    pub fn inventory(&self) -> Option<&Inventory> {
        self.inventory.as_ref()?.as_ref().ok()
    }

    /// The policy's digest. It draws in no files.
    ///
    /// # Errors
    /// What keeps the policy from being read.
    pub fn policy_digest(&self) -> Result<DocumentDigest, Vec<Finding>> {
        let Some(loaded) = &self.policy else { return Err(Vec::new()) };
        loaded.checked()?;
        let root = loaded.root.as_ref().ok_or_else(|| loaded.findings())?;
        DocumentDigest::of(&root.to_json(), BTreeMap::new()).map_err(|error| {
            vec![Finding::error("float-value", error.to_string(), Label::mark(&loaded.source, root.span))]
        })
    }

    /// The typed policy, if there is a sound one.
    pub fn written_policy(&self) -> Option<Arc<written::Policy>> {
        self.policy.as_ref()?.written.clone().map(Arc::new)
    }
}
