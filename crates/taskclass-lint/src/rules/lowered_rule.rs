//! `lowered-rule`: the policy lowers a rule that can only be raised.

use taskclass_source::Label;
use taskclass_spec::SchemaKind;
use taskclass_spec::written::LintLevel;

use crate::context::Document;
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
    name: "lowered-rule", family: Policy, level: Error, hold: Security, check: Document(check)
}

/// Of the document, so that what is wrong elsewhere in the policy hides nothing here.
fn check(document: &Document<'_>, sink: &mut Sink<'_>) {
    if document.kind != SchemaKind::Policy {
        return;
    }
    let levels = document.node("lint.levels").and_then(|node| node.as_map());
    for entry in levels.into_iter().flatten() {
        let name = &*entry.key.text;
        let said = match entry.value.as_str() {
            Some("allow") => LintLevel::Allow,
            Some("warning") => LintLevel::Warning,
            _ => continue,
        };
        let Some(rule) = rules::find(name) else { continue };
        let asked = Rule { hold: Hold::Free, ..*rule }.level_under(Some(said));
        if rule.level_under(Some(said)) == asked {
            continue;
        }
        let why = match rule.hold {
            Hold::Security => "it is a security rule",
            _ => "the executor refuses what it finds",
        };
        let word = if said == LintLevel::Allow { "switched off" } else { "lowered" };
        let label = Label::new(document.source, entry.value.span, format!("it stays at `{}`", rule.level.name()));
        sink.report(label, format!("`{name}` cannot be {word}: {why}"), |finding| {
            finding.with_help("leave this line out")
        });
    }
}
