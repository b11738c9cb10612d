//! `shadowed-pattern`: a pattern that another pattern of the same list takes in.

use crate::context::ClassContext;
use crate::patterns::{MAX_PAIRS, begin_alike, covers};
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
        let wider = allow.iter().position(|outer| {
            outer != inner
                && begin_alike(outer.as_str(), inner.as_str())
                && covers(|name| name.parse().is_ok_and(|name| outer.matches(&name)), inner.as_str())
        });
        let Some(wider) = wider else { continue };
        let outer = cx.at(&format!("repositories.allow[{wider}]")).value("takes it in");
        let at = cx.at(&format!("repositories.allow[{index}]"));
        sink.report(at.value(""), format!("`{inner}` is allowed by `{}` already", allow[wider]), |finding| {
            finding.with_label(outer).with_help("leave the wider one out, or this one")
        });
    }
}
