//! `policy-denied-repository`: a class allows repositories that the policy denies.

use crate::context::ClassContext;
use crate::reach::denied_by_policy;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A class allows repositories that the policy denies.
    ///
    /// ## What it does
    /// Reports an entry of `repositories.allow` all of which the policy's `repositories.deny` takes away, and examples on such
    /// repositories.
    ///
    /// ## Why it matters
    /// The policy wins; a class that says otherwise misleads who reads it.
    ///
    /// ## Bad
    /// ```yaml
    /// repositories:
    ///   allow: [acme/svc-orders, acme/svc-checkout-prod]
    ///                            ^^^^^^^^^^^^^^^^^^^^^^
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// repositories:
    ///   allow: [acme/svc-orders]
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    name: "policy-denied-repository", family: Repositories, level: Error, hold: Security, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(policy), Some(repositories)) = (cx.policy(), cx.class.repositories) else { return };
    for (index, allowed) in repositories.allow.iter().enumerate() {
        let Some(decides) = denied_by_policy(cx, allowed) else { continue };
        let list = policy.at(&format!("repositories.deny[{decides}]")).value("the policy denies it here");
        let at = cx.at(&format!("repositories.allow[{index}]"));
        sink.report(at.value("allowed here"), format!("the policy denies `{allowed}`"), |finding| {
            finding.with_label(list).with_help("leave it out")
        });
    }
}
