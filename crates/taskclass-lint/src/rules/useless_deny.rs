//! `useless-deny`: a denying pattern that can deny nothing.

use crate::context::ClassContext;
use crate::patterns::{MAX_PAIRS, begin_alike, overlap};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A denying pattern that can deny nothing.
    ///
    /// ## What it does
    /// Reports entries of `repositories.deny` that no repository can match which `repositories.allow` allows.
    ///
    /// ## Why it matters
    /// It is there because somebody wanted to keep a repository out. It is written so that it does not.
    ///
    /// ## Bad
    /// ```yaml
    /// repositories:
    ///   allow: [acme/svc-orders, acme/svc-billing]
    ///   deny: [acme/svc-payments]
    ///          ^^^^^^^^^^^^^^^^^
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// repositories:
    ///   allow: [acme/svc-orders, acme/svc-billing]
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    name: "useless-deny", family: Repositories, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(repositories) = cx.class.repositories else { return };
    if repositories.allow.len() * repositories.deny.len() > MAX_PAIRS {
        return;
    }
    for (index, denied) in repositories.deny.iter().enumerate() {
        if !repositories
            .allow
            .iter()
            .any(|allowed| begin_alike(allowed.as_str(), denied.as_str()) && overlap(allowed.as_str(), denied.as_str()))
        {
            let at = cx.at(&format!("repositories.deny[{index}]"));
            let allow = cx.at("repositories.allow").key("nothing here can match it");
            sink.report(at.value(""), format!("`{denied}` denies nothing that is allowed"), |finding| {
                finding.with_label(allow).with_help("correct it, or leave it out")
            });
        }
    }
}
