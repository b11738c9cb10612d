//! `lowered-rule`: the policy lowers a rule that can only be raised.

use taskclass_spec::written::LintLevel;

use crate::context::PolicyContext;
use crate::rule::{Hold, Rule, Sink, declare_rule};
use crate::rules;

declare_rule! {
    /// The policy lowers a rule that can only be raised.
    ///
    /// ## What it does
    /// Reports levels in `lint.levels` below the level of a security rule, or of a rule that finds what the executor refuses
    /// anyway. The rule keeps its own level.
    ///
    /// ## Why it matters
    /// The policy is read by the program that judges it; what protects its readers cannot be one of its options.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// lint: {levels: {hidden-character: warning}}
    ///                                   ^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: policy.yaml
    /// lint: {levels: {no-reviewer: error}}
    /// ```
    name: "lowered-rule", family: Policy, level: Error, hold: Security, check: Policy(check)
}

fn check(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    for (name, said) in cx.policy.lint.iter().flat_map(|lint| &lint.levels) {
        let Some(rule) = rules::find(name) else { continue };
        let asked = Rule { hold: Hold::Free, ..*rule }.level_under(Some(*said));
        if rule.level_under(Some(*said)) == asked {
            continue;
        }
        let why = match rule.hold {
            Hold::Security => "it is a security rule",
            _ => "the executor refuses what it finds",
        };
        let word = if *said == LintLevel::Allow { "switched off" } else { "lowered" };
        let at = cx.at(&format!("lint.levels.{name}"));
        let label = at.value(format!("it stays at `{}`", rule.level.name()));
        sink.report(label, format!("`{name}` cannot be {word}: {why}"), |finding| {
            finding.with_help("leave this line out")
        });
    }
}
