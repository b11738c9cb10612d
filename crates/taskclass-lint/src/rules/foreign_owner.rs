//! `foreign-owner`: a class allows repositories of another owner than the registry's.

use crate::context::ClassContext;
use crate::reach::is_foreign;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A class allows repositories of another owner than the registry's.
    ///
    /// ## What it does
    /// Compares the owner of each entry of `repositories.allow` with that of the policy's `registry`.
    ///
    /// ## Why it matters
    /// The policy's rules, the escalation repository and the teams are those of one organisation.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: inventory.txt
    /// acme/svc-orders
    /// acmee/svc-billing
    /// # file: task-classes/example.yaml
    /// repositories:
    ///   allow: [acme/svc-orders, acmee/svc-billing]
    ///                            ^^^^^^^^^^^^^^^^^
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// repositories:
    ///   allow: [acme/svc-orders, acme/svc-billing]
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    name: "foreign-owner", family: Repositories, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(policy) = cx.policy() else { return };
    let home = policy.policy.registry.owner();
    for (index, pattern) in cx.class.repositories.iter().flat_map(|own| own.allow.iter()).enumerate() {
        if is_foreign(cx, pattern) {
            let registry = policy.at("registry").value("this registry's own");
            let at = cx.at(&format!("repositories.allow[{index}]"));
            let message = format!("`{pattern}` belongs to {}, the registry to {home}", pattern.owner());
            sink.report(at.value(""), message, |finding| finding.with_label(registry));
        }
    }
}
