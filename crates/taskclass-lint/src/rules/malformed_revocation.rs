//! `malformed-revocation`: a revocation that cannot be read, and so stands against everything.

use crate::approvals::record_faults;
use crate::context::RegistryContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A revocation that cannot be read, and so stands against everything.
    ///
    /// ## What it does
    /// Reports revocation records that are not JSON, set a key twice, lack a field or have one that does not exist, or are in
    /// another form than the one that is signed.
    ///
    /// ## Why it matters
    /// Breaking a revocation must not undo it. What cannot be read may be about anything, so no document is approved until a
    /// reviewed change mends it.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: revocations/example/all-1795000000.alice@acme.com.json
    /// {"revoke": "all", "revoked_at": "2026-11-18T12:26:40Z"}
    ///  ^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: revocations/example/all-1795000000.alice@acme.com.json
    /// {"revokes": "all", "revoked_at": "2026-11-18T12:26:40Z"}
    /// ```
    name: "malformed-revocation", family: Trust, level: Error, hold: Security, check: Registry(check)
}

fn check(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    let help = "bring back the bytes that were signed (`git log -p` has them), or take it away in a reviewed change";
    cx.surroundings.revocations.iter().for_each(|filed| record_faults(filed, help, sink));
}
