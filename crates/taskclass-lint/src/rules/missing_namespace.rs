//! `missing-namespace`: a key that would count for everything.

use crate::rule::declare_rule;
use crate::trust::problems;

declare_rule! {
    /// A key that would count for everything.
    ///
    /// ## What it does
    /// Reports lines of `trust/allowed_signers` without `namespaces="…"`.
    ///
    /// ## Why it matters
    /// A signature says what it is for. Without a list of purposes, one that a person gave for a commit or a release would have to
    /// be told from an approval by luck.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: trust/allowed_signers
    /// alice@acme.com ssh-ed25519 AAAA…alice
    /// ^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: trust/allowed_signers
    /// alice@acme.com namespaces="approval@taskclass,revocation@taskclass" ssh-ed25519 AAAA…alice
    /// bob@acme.com namespaces="approval@taskclass,revocation@taskclass" ssh-ed25519 AAAA…bob
    /// ```
    name: "missing-namespace", family: Trust, level: Error, hold: Security, check: Registry(problems)
}
