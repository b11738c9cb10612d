//! `key-listed-twice`: one key on two lines, or under two names.

use crate::rule::declare_rule;
use crate::trust::problems;

declare_rule! {
    /// One key on two lines, or under two names.
    ///
    /// ## What it does
    /// Compares the keys of `trust/allowed_signers`, and reports lists of names before one key.
    ///
    /// ## Why it matters
    /// A quorum counts people. One key under two names would count as two of them; of two lines with different dates or purposes
    /// nobody knows which one holds.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: trust/allowed_signers
    /// alice@acme.com namespaces="approval@taskclass" ssh-ed25519 AAAA…alice
    /// bob@acme.com namespaces="approval@taskclass" ssh-ed25519 AAAA…alice
    ///                                              ^^^^^^^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: trust/allowed_signers
    /// alice@acme.com namespaces="approval@taskclass" ssh-ed25519 AAAA…alice
    /// bob@acme.com namespaces="approval@taskclass" ssh-ed25519 AAAA…bob
    /// ```
    name: "key-listed-twice", family: Trust, level: Error, hold: Security, check: Registry(problems)
}
