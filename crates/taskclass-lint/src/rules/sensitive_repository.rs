//! `sensitive-repository`: a class reaches a sensitive repository without asking for a review there.

use crate::absent::lacks;
use crate::context::ClassContext;
use crate::models::sensitive_in_reach;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A class reaches a sensitive repository without asking for a review there.
    ///
    /// ## What it does
    /// Reports classes that reach a repository of the policy's `models.sensitive.repositories` and have no
    /// `repositories.require.required_reviews`.
    ///
    /// ## Why it matters
    /// What is sensitive enough for a list of its own should not take an agent's change without a second pair of eyes.
    ///
    /// ## Bad
    /// ```yaml
    /// model: {default: claude-opus-4.6}
    /// risk: medium
    /// intent: explore
    /// pull_request: {create: never}
    /// repositories:
    ///   allow: [acme/svc-orders, acme/svc-payments]
    ///                            ^^^^^^^^^^^^^^^^^
    ///   require: {visibility: [private]}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// model: {default: claude-opus-4.6}
    /// risk: medium
    /// repositories:
    ///   allow: [acme/svc-orders, acme/svc-payments]
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    name: "sensitive-repository", family: Repositories, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(policy), Some(repositories)) = (cx.policy(), cx.class.repositories) else { return };
    let asks = repositories.require.as_ref().is_some_and(|require| require.required_reviews.is_some());
    if asks || !lacks(cx, "repositories.require", "required_reviews") {
        return;
    }
    let Some((name, pattern)) = sensitive_in_reach(cx).into_iter().next() else { return };
    let allow = repositories.allow.iter().position(|allowed| allowed.matches(&name)).unwrap_or_default();
    let list = policy.at(&format!("models.sensitive.repositories[{pattern}]")).value("the policy calls it sensitive");
    let at = cx.at(&format!("repositories.allow[{allow}]"));
    sink.report(at.value(""), format!("{name} is sensitive, and no review is required there"), |finding| {
        finding.with_label(list).with_help("ask for one: `repositories.require.required_reviews: 1`")
    });
}
