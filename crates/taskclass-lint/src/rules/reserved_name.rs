//! `reserved-name`: a class with the name that stands for the policy.

use taskclass_spec::record::POLICY_NAME;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A class with the name that stands for the policy.
    ///
    /// ## What it does
    /// Reports a class named `policy`.
    ///
    /// ## Why it matters
    /// `taskclass approve policy` approves the policy, and `approvals/policy/` holds its approvals: the class could never be approved.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: task-classes/policy.yaml
    /// title: Change the policy
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: task-classes/policy-change.yaml
    /// title: Change the policy
    /// ```
    name: "reserved-name", family: Identity, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    if cx.stem != POLICY_NAME {
        return;
    }
    sink.report(
        cx.at("name").value(""),
        "`policy` is the name of the registry's policy wherever documents are named",
        |finding| {
            finding
                .with_help("give the class another name, and its file with it")
                .with_note("approvals of both would lie in `approvals/policy/`")
        },
    );
}
