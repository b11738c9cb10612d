//! `missing-rollout`: a class reaches many repositories, and has no rollout.

use taskclass_source::Label;
use taskclass_spec::RepoPattern;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A class reaches many repositories, and has no rollout.
    ///
    /// ## What it does
    /// Counts the repositories of the inventory that the class reaches, and holds the number to the policy's `free_reach`.
    /// Without an inventory a wildcard counts as too many.
    ///
    /// ## Why it matters
    /// One repository several times, then a few, then many, each step after proof: that is how a mistake stays small.
    ///
    /// ## Bad
    /// ```yaml
    /// model: {default: claude-opus-4.6}
    /// risk: medium
    /// repositories:
    ///   allow: ["acme/svc-*"]
    ///   ^^^^^
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// repositories:
    ///   allow: [acme/svc-orders, acme/svc-billing]
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    name: "missing-rollout", family: Rollout, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(policy), Some(None), Some(repositories)) = (cx.policy(), cx.class.rollout, cx.class.repositories) else {
        return;
    };
    let free = policy.policy.free_reach as usize;
    let counted = cx.reach().map(|reach| reach.len());
    let wildcard = repositories.allow.iter().any(|pattern| !pattern.is_literal());
    let reach = match counted {
        Some(count) if count > free => format!("{count} repositories"),
        None if wildcard => "any number of repositories".to_owned(),
        None if repositories.allow.len() > free => format!("{} repositories", repositories.allow.len()),
        _ => return,
    };
    let bound = policy.at("free_reach").value(format!("{free} are free"));
    sink.report(
        cx.at("repositories.allow").key(""),
        format!("the class reaches {reach} and has no rollout"),
        |finding| {
            let finding = finding
                .with_label(bound)
                .with_help("add a `rollout` with stages and gates, or allow fewer repositories");
            // The first line that is one too many shows where the number comes from.
            let line = cx.shared.inventory().and_then(|inventory| {
                let extra = *cx.reach()?.get(free)?;
                Some(Label::new(inventory.source(), inventory.place(extra)?, "the first beyond them"))
            });
            let finding = match line {
                Some(line) => finding.with_label(line),
                None => finding,
            };
            match widest(&repositories.allow) {
                Some(pattern) if counted.is_none() => {
                    finding.with_note(format!("without an inventory, `{pattern}` may match any number"))
                }
                _ => finding,
            }
        },
    );
}

fn widest(patterns: &[RepoPattern]) -> Option<&RepoPattern> {
    patterns.iter().find(|pattern| !pattern.is_literal())
}
