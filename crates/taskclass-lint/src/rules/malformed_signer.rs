//! `malformed-signer`: a line of the trust file that cannot be used.

use crate::rule::declare_rule;
use crate::trust::problems;

declare_rule! {
    /// A line of the trust file that cannot be used.
    ///
    /// ## What it does
    /// Reports what else `trust/allowed_signers` is refused for: names that are no e-mail address or differ only in upper and lower
    /// case, options that do not exist or are set twice, `cert-authority`, purposes that are none of taskclass's, times that are
    /// none or in no fixed zone, keys that cannot be read, and kinds of keys that do not count.
    ///
    /// ## Why it matters
    /// A trust file is not read in part: as long as one line is wrong, nobody is trusted and nothing runs.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: trust/allowed_signers
    /// alice@acme.com namespaces="approval@taskclass",valid-before="20270601" ssh-ed25519 AAAA…alice
    ///                                                ^^^^^^^^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: trust/allowed_signers
    /// alice@acme.com namespaces="approval@taskclass",valid-before="20270601Z" ssh-ed25519 AAAA…alice
    /// bob@acme.com namespaces="approval@taskclass" ssh-ed25519 AAAA…bob
    /// ```
    name: "malformed-signer", family: Trust, level: Error, hold: Security, check: Registry(problems)
}
