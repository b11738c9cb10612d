//! `wildcard-principal`: a pattern in the place of a signer's name.

use crate::rule::declare_rule;
use crate::trust::problems;

declare_rule! {
    /// A pattern in the place of a signer's name.
    ///
    /// ## What it does
    /// Reports names with `*`, `?` or `!` in `trust/allowed_signers`.
    ///
    /// ## Why it matters
    /// Who holds the key could sign as anybody whose name fits: two approvals by "two people" would take one person.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: trust/allowed_signers
    /// *@acme.com namespaces="approval@taskclass,revocation@taskclass" ssh-ed25519 AAAA…alice
    /// ^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: trust/allowed_signers
    /// alice@acme.com namespaces="approval@taskclass,revocation@taskclass" ssh-ed25519 AAAA…alice
    /// bob@acme.com namespaces="approval@taskclass,revocation@taskclass" ssh-ed25519 AAAA…bob
    /// ```
    name: "wildcard-principal", family: Trust, level: Error, hold: Security, check: Registry(problems)
}
