//! `unknown-escalation-repository`: notices go to a repository that the inventory does not have.

use taskclass_source::{Finding, Fix, Label};
use taskclass_spec::suggest::closest;

use crate::common::{replace_scalar, with_fix};
use crate::context::RegistryContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Notices go to a repository that the inventory does not have.
    ///
    /// ## What it does
    /// Looks for the policy's `escalation.repository` in `inventory.txt`, and reports one that is not there if another is named almost
    /// like it. Without an inventory the rule is silent.
    ///
    /// ## Why it matters
    /// Whatever cannot be said in the target repository is said there. If it does not exist, nobody is told.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// escalation: {repository: acme/agent-inbx, owner: "@acme/platform"}
    ///                          ^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: policy.yaml
    /// escalation: {repository: acme/agent-inbox, owner: "@acme/platform"}
    /// ```
    name: "unknown-escalation-repository", family: Policy, level: Warning, hold: Free, check: Registry(check)
}

fn check(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    let (Some(policy), Some(inventory)) = (&cx.policy, cx.inventory()) else { return };
    let repository = &policy.policy.escalation.repository;
    if inventory.place(repository).is_some() {
        return;
    }
    let names = inventory.iter().map(|name| name.as_str());
    let Some(meant) = closest(repository.as_str(), names) else { return };
    let at = policy.at("escalation.repository");
    let message = format!("`{repository}`, where people are told, is not in the inventory");
    let fix = replace_scalar(&at, meant).map(|edit| Fix::unsafe_(format!("write `{meant}`"), vec![edit]));
    sink.report(at.value(format!("did you mean `{meant}`?")), message, |finding| {
        let line = meant.parse().ok().and_then(|name| inventory.place(&name));
        let line = line.map(|line| Label::new(inventory.source(), line, "this one exists"));
        with_fix(line.into_iter().fold(finding, Finding::with_label), fix)
    });
}
