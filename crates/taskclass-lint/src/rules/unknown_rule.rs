//! `unknown-rule`: the policy sets the level of a rule that does not exist.

use taskclass_source::{Edit, Fix};
use taskclass_spec::suggest::closest;

use crate::common::with_fix;
use crate::context::PolicyContext;
use crate::rule::{Sink, declare_rule};
use crate::rules::{self, catalogue};

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
    name: "unknown-rule", family: Policy, level: Error, hold: Free, check: Policy(check)
}

fn check(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    let levels = cx.document.node("lint.levels").and_then(|node| node.as_map());
    for entry in levels.into_iter().flatten() {
        if rules::find(&entry.key.text).is_some() {
            continue;
        }
        let meant = closest(&entry.key.text, catalogue().iter().map(|rule| rule.name));
        let text = meant.map(|meant| format!("did you mean `{meant}`?")).unwrap_or_default();
        let label = taskclass_source::Label::new(cx.document.source, entry.key.span, text);
        let fix = meant.map(|meant| {
            Fix::safe(format!("write `{meant}`"), vec![Edit::new(cx.document.source, entry.key.span, meant)])
        });
        sink.report(label, format!("there is no rule `{}`", entry.key.text), |finding| {
            with_fix(finding, fix).with_note("`taskclass rules` lists them all")
        });
    }
}
