//! `unbounded-repositories`: a class that may run on every repository of an owner.

use crate::context::ClassContext;
use crate::reach::is_everything;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A class that may run on every repository of an owner.
    ///
    /// ## What it does
    /// Reports `owner/*` under `repositories.allow`.
    ///
    /// ## Why it matters
    /// Such a class reaches repositories that do not exist yet, whose owners were never asked.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// free_reach: 100
    /// # file: task-classes/example.yaml
    /// risk: medium
    /// model: {default: claude-opus-4.6}
    /// repositories:
    ///   allow: ["acme/*"]
    ///           ^^^^^^^^
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// repositories:
    ///   allow: [acme/svc-orders, acme/svc-billing]
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    name: "unbounded-repositories", family: Repositories, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    for (index, pattern) in cx.class.repositories.iter().flat_map(|own| own.allow.iter()).enumerate() {
        if is_everything(pattern) {
            let at = cx.at(&format!("repositories.allow[{index}]"));
            let message = format!("`{pattern}` allows every repository of {}", pattern.owner());
            sink.report(at.value(""), message, |finding| {
                let finding = finding.with_help("name the repositories, or a prefix that they share: `owner/svc-*`");
                match cx.reach() {
                    Some(reach) => {
                        finding.with_note(format!("that is {} repositories of the inventory today", reach.len()))
                    }
                    None => finding,
                }
            });
        }
    }
}
