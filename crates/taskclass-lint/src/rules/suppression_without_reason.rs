//! `suppression-without-reason`: a suppression that gives no reason, or that cannot be read.

use crate::rule::{Sink, declare_rule};
use crate::suppress::{Flaw, Suppression};

declare_rule! {
    /// A suppression that gives no reason, or that cannot be read.
    ///
    /// ## What it does
    /// Reports comments to the linter that are not of the form `# taskclass: allow(rule-name): the reason`, alone on the
    /// line above what they are about. Such a comment suppresses nothing.
    ///
    /// ## Why it matters
    /// Who reviews the class next year must learn why the rule did not count here.
    ///
    /// ## Bad
    /// ```yaml
    /// # taskclass: allow(no-size-limit)
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    /// title: Change one thing
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # taskclass: allow(no-size-limit): generated snapshots; the paths keep it in bounds
    /// validation:
    ///   paths: {allow: ["tests/snapshots/**"], deny: [".github/**"]}
    ///   required_checks: [build, test]
    /// ```
    name: "suppression-without-reason", family: Suppressions, level: Error, hold: Format, check: Suppressions(check)
}

fn check(suppressions: &[Suppression], sink: &mut Sink<'_>) {
    for suppression in suppressions {
        let form = "write `# taskclass: allow(rule-name): the reason` on the line above";
        match suppression.flaw {
            Some(Flaw::NoReason) => {
                let message = format!("this suppression of `{}` gives no reason", suppression.rule);
                sink.report(suppression.comment(""), message, |finding| {
                    finding.with_help(format!("say why: `# taskclass: allow({}): the reason`", suppression.rule))
                });
            }
            Some(Flaw::Malformed) => {
                let message = "this comment speaks to the linter, but not in its form";
                sink.report(suppression.comment("nothing is suppressed"), message, |finding| finding.with_help(form));
            }
            Some(Flaw::NotAlone) => {
                let message = "a suppression stands on a line of its own";
                sink.report(suppression.comment("nothing is suppressed"), message, |finding| finding.with_help(form));
            }
            Some(Flaw::UnknownRule) | None => {}
        }
    }
}
