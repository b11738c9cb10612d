//! `example-out-of-reach`: an example on a repository or branch that the class does not allow.

use taskclass_spec::RepoPattern;
use taskclass_spec::written::Example;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An example on a repository or branch that the class does not allow.
    ///
    /// ## What it does
    /// Holds each example's `repository` to the class's and the policy's lists, and its `base_ref` to `base_ref.allow`.
    ///
    /// ## Why it matters
    /// An example is a run that could be. One that would be refused shows a prompt that no agent will ever get.
    ///
    /// ## Bad
    /// ```yaml
    /// examples:
    ///   - {name: one, repository: acme/web-shop, inputs: {thing: timeout}, expect: {contains: [timeout]}}
    ///                             ^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: timeout}, expect: {contains: [timeout]}}
    /// ```
    name: "example-out-of-reach", family: Examples, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    for (index, example) in cx.class.examples.into_iter().flatten().enumerate() {
        repository(cx, index, example, sink);
        let (Some(base_ref), Some(own)) = (&example.base_ref, cx.class.base_ref) else { continue };
        if !own.allow.iter().any(|pattern| pattern.matches(base_ref.as_str())) {
            let list = cx.at("base_ref.allow").value("this list does not have it");
            let at = cx.at(&format!("examples[{index}].base_ref"));
            sink.report(at.value(""), format!("the class does not start from `{base_ref}`"), |finding| {
                finding.with_label(list)
            });
        }
    }
}

fn repository(cx: &ClassContext<'_>, index: usize, example: &Example, sink: &mut Sink<'_>) {
    let Some(own) = cx.class.repositories else { return };
    let name = &example.repository;
    let hit = |patterns: &[RepoPattern]| patterns.iter().position(|pattern| pattern.matches(name));
    let policy = cx.policy().and_then(|policy| Some((policy, hit(&policy.policy.repositories.deny)?)));
    let (message, label) = if let Some((policy, at)) = policy {
        let label = policy.at(&format!("repositories.deny[{at}]")).value("the policy denies it");
        (format!("the policy does not let the class run on {name}"), label)
    } else if let Some(at) = hit(&own.deny) {
        (format!("the class does not run on {name}"), cx.at(&format!("repositories.deny[{at}]")).value("denied here"))
    } else if hit(&own.allow).is_none() {
        (format!("the class does not run on {name}"), cx.at("repositories.allow").value("nothing here matches it"))
    } else {
        return;
    };
    sink.report(cx.at(&format!("examples[{index}].repository")).value(""), message, |finding| {
        finding.with_label(label)
    });
}
