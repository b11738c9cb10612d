//! `quorum-out-of-reach`: more people must sign than may.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use taskclass_source::Label;
use taskclass_spec::signers::Namespace;

use crate::context::RegistryContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// More people must sign than may.
    ///
    /// ## What it does
    /// Compares `approvals.quorum` with the number of people whom `trust/allowed_signers` lets sign approvals, those whose keys have
    /// ended not counted. A trust file without any line is silent: nobody has begun yet.
    ///
    /// ## Why it matters
    /// What needs that many approvals can never run; the policy itself needs as many as `high`.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// approvals: {quorum: {low: 1, medium: 1, high: 3}, max_age: 180d}
    ///                                               ^
    /// # file: trust/allowed_signers
    /// alice@acme.com namespaces="approval@taskclass" ssh-ed25519 AAAA…alice
    /// bob@acme.com namespaces="approval@taskclass" ssh-ed25519 AAAA…bob
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: policy.yaml
    /// approvals: {quorum: {low: 1, medium: 1, high: 2}, max_age: 180d}
    /// # file: trust/allowed_signers
    /// alice@acme.com namespaces="approval@taskclass" ssh-ed25519 AAAA…alice
    /// bob@acme.com namespaces="approval@taskclass" ssh-ed25519 AAAA…bob
    /// ```
    name: "quorum-out-of-reach", family: Trust, level: Warning, hold: Free, check: Registry(check)
}

fn check(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    let (Some(policy), Some(trust)) = (&cx.policy, &cx.surroundings.trust) else { return };
    let Ok(morning) = cx.today.to_zoned(TimeZone::UTC) else { return };
    if !trust.reading.problems.is_empty() || trust.reading.signers.is_empty() {
        return;
    }
    let may_sign = trust.reading.signers.iter().filter(|signer| {
        signer.namespaces().contains(&Namespace::Approval)
            && signer.valid_before().is_none_or(|end| end > morning.timestamp())
    });
    let people: BTreeSet<String> = may_sign.map(|signer| signer.principal().as_str().to_ascii_lowercase()).collect();
    let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
    let quorum = policy.policy.approvals.quorum;
    let asked = [("high", quorum.high), ("medium", quorum.medium), ("low", quorum.low)];
    let Some((risk, needed)) = asked.into_iter().find(|(_, needed)| *needed > count) else { return };
    let message = format!("{needed} people must sign for risk `{risk}`, and {count} may");
    sink.report(policy.at(&format!("approvals.quorum.{risk}")).value(""), message, |finding| {
        let first =
            Label::new(&trust.source, trust.reading.signers[0].places().principal, "the first of those who may sign");
        finding
            .with_label(first)
            .with_help(format!("add people to trust/allowed_signers, or ask for {count} at most"))
            .with_note("the last author of a change does not count, so one more than the quorum is needed in practice")
    });
}
