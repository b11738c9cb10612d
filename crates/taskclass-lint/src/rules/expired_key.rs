//! `expired-key`: a signer's key that has ended, or will soon.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use taskclass_source::Label;

use crate::approvals::{WINDOW, day};
use crate::context::RegistryContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A signer's key that has ended, or will soon.
    ///
    /// ## What it does
    /// Compares `valid-before` of each line of `trust/allowed_signers` with the date. A key that ends is reported from the policy's
    /// `approvals.warn_before` on, 14 days where it does not say.
    ///
    /// ## Why it matters
    /// On that day every approval that was signed with the key ends with it, whatever its own date.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: trust/allowed_signers
    /// alice@acme.com namespaces="approval@taskclass",valid-before="20261101Z" ssh-ed25519 AAAA…alice
    ///                                                ^^^^^^^^^^^^^^^^^^^^^^^^
    /// bob@acme.com namespaces="approval@taskclass" ssh-ed25519 AAAA…bob
    /// carol@acme.com namespaces="approval@taskclass" ssh-ed25519 AAAA…carol
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: trust/allowed_signers
    /// alice@acme.com namespaces="approval@taskclass",valid-before="20271101Z" ssh-ed25519 AAAA…alice
    /// bob@acme.com namespaces="approval@taskclass" ssh-ed25519 AAAA…bob
    /// ```
    name: "expired-key", family: Trust, level: Warning, hold: Security, check: Registry(check)
}

fn check(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    let Some(trust) = &cx.surroundings.trust else { return };
    let Ok(morning) = cx.today.to_zoned(TimeZone::UTC) else { return };
    let window = cx.policy.as_ref().and_then(|policy| policy.policy.approvals.warn_before).unwrap_or(WINDOW);
    for signer in &trust.reading.signers {
        let Some(end) = signer.valid_before() else { continue };
        let left = end.duration_since(morning.timestamp());
        if left > window.signed() {
            continue;
        }
        let (who, on) = (signer.principal(), day(end));
        let message = if left < SignedDuration::ZERO {
            format!("the key of {who} ended on {on}")
        } else {
            format!("the key of {who} ends on {on}")
        };
        let place = Label::mark(&trust.source, signer.places().valid_before.unwrap_or(signer.places().key));
        sink.report(place, message, |finding| {
            finding
                .with_label(Label::new(&trust.source, signer.places().principal, "whose key it is"))
                .with_help(format!("add a line for a new key of {who} (`ssh-keygen -t ed25519`), and have approvals renewed with it"))
                .with_note("keep this line as long as the registry holds a revocation that was signed with the key: without it the revocation cannot be checked, and stands against everything")
        });
    }
}
