//! `owner-not-a-team`: only individuals own a class that others share.

use taskclass_spec::Owner;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Only individuals own a class that others share.
    ///
    /// ## What it does
    /// Reports a class none of whose owners is a team.
    ///
    /// ## Why it matters
    /// A person goes on leave, changes teams, leaves. Escalations to them then reach nobody.
    ///
    /// ## Bad
    /// ```yaml
    /// owners: ["@octocat"]
    ///          ^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// owners: ["@acme/platform", "@octocat"]
    /// ```
    name: "owner-not-a-team", family: Owners, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(owners) = cx.class.owners else { return };
    if let Some(first) = owners.first().filter(|_| owners.iter().all(|owner| matches!(owner, Owner::User(_)))) {
        let message = match owners.len() {
            1 => format!("only one person, {first}, answers for this class"),
            _ => "only individuals answer for this class".to_owned(),
        };
        sink.report(cx.at("owners[0]").value(""), message, |finding| {
            finding.with_help("name a team first, as `@org/team`")
        });
    }
}
