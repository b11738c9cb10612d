//! `unknown-rule`: the policy sets the level of a rule that does not exist.

use taskclass_source::{Edit, Label};
use taskclass_spec::SchemaKind;
use taskclass_spec::suggest::closest;

use crate::common::with_fix;
use crate::context::Document;
use crate::rule::{Sink, declare_rule};
use crate::rules::{self, catalogue};
use crate::spelling::{correction, did_you_mean};

declare_rule! {
    /// The policy sets the level of a rule that does not exist.
    ///
    /// ## What it does
    /// Reports names in `lint.levels` that no rule bears.
    ///
    /// ## Why it matters
    /// A rule that was meant to be an error stays a warning, and nobody notices.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// lint: {levels: {unbounded-path: error}}
    ///                 ^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: policy.yaml
    /// lint: {levels: {unbounded-paths: error}}
    /// ```
    name: "unknown-rule", family: Policy, level: Error, hold: Free, check: Document(check)
}

/// Of the document, so that what is wrong elsewhere in the policy hides nothing here.
fn check(document: &Document<'_>, sink: &mut Sink<'_>) {
    if document.kind != SchemaKind::Policy {
        return;
    }
    let levels = document.node("lint.levels").and_then(|node| node.as_map());
    for entry in levels.into_iter().flatten() {
        if rules::find(&entry.key.text).is_some() {
            continue;
        }
        let meant = closest(&entry.key.text, catalogue().iter().map(|rule| rule.name));
        let label = Label::new(document.source, entry.key.span, did_you_mean(meant));
        let free = meant.filter(|meant| document.node(&format!("lint.levels[\"{meant}\"]")).is_none());
        let fix =
            free.map(|meant| correction(&entry.key.text, meant, Edit::new(document.source, entry.key.span, meant)));
        sink.report(label, format!("there is no rule `{}`", entry.key.text), |finding| {
            with_fix(finding, fix).with_note("`taskclass rules` lists them all")
        });
    }
}
