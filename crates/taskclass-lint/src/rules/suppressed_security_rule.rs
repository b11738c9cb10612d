//! `suppressed-security-rule`: a suppression of a rule that cannot be suppressed.

use crate::rule::{Hold, Sink, declare_rule};
use crate::rules;
use crate::suppress::Suppression;

declare_rule! {
    /// A suppression of a rule that cannot be suppressed.
    ///
    /// ## What it does
    /// Reports suppressions of security rules, and of rules that find what the executor refuses anyway. What the rule found
    /// is reported all the same.
    ///
    /// ## Why it matters
    /// A comment in the file that is under review must not switch off what protects the reviewer.
    ///
    /// ## Bad
    /// ```yaml
    /// # also: unbounded-base-ref
    /// base_ref:
    ///   default: main
    ///   # taskclass: allow(unbounded-base-ref): a branch is a branch
    ///                      ^^^^^^^^^^^^^^^^^^
    ///   allow: ["**"]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// base_ref:
    ///   default: main
    ///   allow: [main]
    /// ```
    name: "suppressed-security-rule", family: Suppressions, level: Error, hold: Security, check: Suppressions(check)
}

fn check(suppressions: &[Suppression], sink: &mut Sink<'_>) {
    for suppression in suppressions {
        let Some(found) = &suppression.refused else { continue };
        let name = &suppression.rule;
        let why = match rules::find(name).map(|rule| rule.hold) {
            Some(Hold::Security) => "it is a security rule",
            _ => "the executor refuses what it finds",
        };
        let mut found = found.clone();
        "what it finds".clone_into(&mut found.text);
        sink.report(suppression.name(""), format!("`{name}` cannot be suppressed: {why}"), |finding| {
            finding.with_label(found).with_help("remove the cause and this comment")
        });
    }
}
