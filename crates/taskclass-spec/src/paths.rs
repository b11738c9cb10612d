//! Where things are in a registry.

use taskclass_source::RegistryPath;

/// One of this module's constants as a path; a test holds that each is one, so the root never stands in.
pub fn at(constant: &'static str) -> RegistryPath {
    RegistryPath::new(constant).unwrap_or_default()
}

/// The policy.
pub const POLICY: &str = "policy.yaml";
/// The classes' folder.
pub const CLASSES: &str = "task-classes";
/// Prompt templates kept apart from their classes.
pub const PROMPTS: &str = "task-classes/prompts";
/// A catalogue in the place of the built-in one.
pub const MODELS: &str = "models.yaml";
/// The organisation's repositories.
pub const INVENTORY: &str = "inventory.txt";
/// Who may sign.
pub const ALLOWED_SIGNERS: &str = "trust/allowed_signers";
/// Approval records.
pub const APPROVALS: &str = "approvals";
/// Revocation records.
pub const REVOCATIONS: &str = "revocations";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_paths_are_paths() {
        for constant in [POLICY, CLASSES, PROMPTS, MODELS, INVENTORY, ALLOWED_SIGNERS, APPROVALS, REVOCATIONS] {
            assert_eq!(at(constant).as_str(), constant);
        }
    }
}
