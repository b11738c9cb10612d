//! `scope-against-policy`: a class puts files in scope that the policy denies.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A class puts files in scope that the policy denies.
    ///
    /// ## What it does
    /// Reports an entry of `validation.paths.allow` all of which the policy's `paths.deny`, or the class's own, takes away.
    ///
    /// ## Why it matters
    /// Whatever the agent does there is rejected: a task that cannot succeed is spent money.
    ///
    /// ## Bad
    /// ```yaml
    /// validation:
    ///   paths: {allow: ["src/**", "certs/*.pem"], deny: [".github/**"]}
    ///                             ^^^^^^^^^^^^^
    ///   max_files: 12
    ///   max_lines: 400
    ///   required_checks: [build, test]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// validation:
    ///   paths: {allow: ["src/**"], deny: [".github/**"]}
    ///   max_files: 12
    ///   max_lines: 400
    ///   required_checks: [build, test]
    /// ```
    name: "scope-against-policy", family: Validation, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(validation) = cx.class.validation else { return };
    let policy = cx.policy().map_or(&[][..], |policy| &policy.policy.paths.deny);
    for (index, allowed) in validation.paths.allow.iter().enumerate() {
        let by_policy = policy.iter().position(|denied| denied.takes_in(allowed));
        let own = validation.paths.deny.iter().position(|denied| denied.takes_in(allowed));
        let (who, decides) = match (by_policy, cx.policy(), own) {
            (Some(at), Some(policy), _) => ("the policy", policy.at(&format!("paths.deny[{at}]"))),
            (_, _, Some(at)) => ("the class itself", cx.at(&format!("validation.paths.deny[{at}]"))),
            _ => continue,
        };
        let at = cx.at(&format!("validation.paths.allow[{index}]"));
        sink.report(at.value("allowed here"), format!("{who} denies `{allowed}`"), |finding| {
            finding.with_label(decides.value("denied here")).with_help("leave it out")
        });
    }
}
