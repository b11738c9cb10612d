//! `unused-suppression`: a suppression of something that is not found.

use taskclass_source::{Edit, Fix};
use taskclass_spec::suggest::closest;

use crate::common::with_fix;
use crate::rule::{Sink, declare_rule};
use crate::rules::catalogue;
use crate::spelling::{correction, did_you_mean};
use crate::suppress::{Flaw, Suppression};

declare_rule! {
    /// A suppression of something that is not found.
    ///
    /// ## What it does
    /// Reports suppressions whose rule finds nothing at the place below, and those of rules that do not exist. As long as the
    /// class, its prompt, the policy or something else that rules go by is broken, or the run was not given what the rule needs,
    /// nothing is said to find nothing.
    ///
    /// ## Why it matters
    /// A suppression that has outlived its cause hides the next one.
    ///
    /// ## Bad
    /// ```yaml
    /// # taskclass: allow(no-reviewer): the team is asked in chat
    ///                    ^^^^^^^^^^^
    /// pull_request: {create: after_validation, reviewers: ["@acme/platform"]}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// pull_request: {create: after_validation, reviewers: ["@acme/platform"]}
    /// ```
    name: "unused-suppression", family: Suppressions, level: Warning, hold: Free, check: Suppressions(check)
}

fn check(suppressions: &[Suppression], sink: &mut Sink<'_>) {
    for suppression in suppressions {
        let name = &suppression.rule;
        match suppression.flaw {
            Some(Flaw::UnknownRule) => {
                let meant = closest(name, catalogue().iter().map(|rule| rule.name));
                let label = suppression.name(did_you_mean(meant));
                let fix = meant.map(|meant| correction(name, meant, Edit::new(&label.source, label.span, meant)));
                sink.report(label, format!("there is no rule `{name}`"), |finding| with_fix(finding, fix));
            }
            None if !suppression.used => {
                let (source, lines) = suppression.lines();
                let fix = Fix::safe("delete the comment", vec![Edit::new(&source, lines, "")]);
                sink.report(suppression.name(""), format!("`{name}` finds nothing here"), |finding| {
                    finding.with_fix(fix)
                });
            }
            _ => {}
        }
    }
}
