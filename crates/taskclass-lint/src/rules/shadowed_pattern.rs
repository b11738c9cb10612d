//! `shadowed-pattern`: a pattern that another pattern of the same list takes in.

use taskclass_spec::RepoPattern;

use crate::context::ClassContext;
use crate::patterns::MAX_PAIRS;
use crate::reach::{denied_by_policy, is_everything};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A pattern that another pattern of the same list takes in.
    ///
    /// ## What it does
    /// Reports entries of `repositories.allow` all of which another entry allows.
    ///
    /// ## Why it matters
    /// Taking it out of the list would seem to take the repository out of reach, and would not.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: inventory.txt
    /// acme/svc-orders
    /// acme/svc-billing
    /// # file: task-classes/example.yaml
    /// repositories:
    ///   allow: ["acme/svc-*", acme/svc-orders]
    ///                         ^^^^^^^^^^^^^^^
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// repositories:
    ///   allow: [acme/svc-orders, acme/svc-billing]
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    name: "shadowed-pattern", family: Repositories, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(repositories) = cx.class.repositories else { return };
    let allow = &repositories.allow;
    if allow.len() * allow.len() > MAX_PAIRS {
        return;
    }
    for (index, inner) in allow.iter().enumerate() {
        // What is denied is told of already, and so is what allows everything: it is the wider one that has to go.
        let is_wider = |outer: &RepoPattern| outer != inner && !is_everything(outer) && outer.takes_in(inner);
        let Some(wider) = allow.iter().position(is_wider).filter(|_| denied_by_policy(cx, inner).is_none()) else {
            continue;
        };
        let outer = cx.at(&format!("repositories.allow[{wider}]")).value("takes it in");
        let at = cx.at(&format!("repositories.allow[{index}]"));
        sink.report(at.value(""), format!("`{inner}` is allowed by `{}` already", allow[wider]), |finding| {
            finding.with_label(outer).with_help("leave the wider one out, or this one")
        });
    }
}
