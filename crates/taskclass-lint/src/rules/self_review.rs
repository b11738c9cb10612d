//! `self-review`: who starts a task is the only one asked to review its result.

use taskclass_spec::{Caller, Owner};

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Who starts a task is the only one asked to review its result.
    ///
    /// ## What it does
    /// Reports a class whose reviewers are persons, all of whom may also call it.
    ///
    /// ## Why it matters
    /// The approval of the person as whom a task runs does not count, and should not: nobody reviews their own work.
    ///
    /// ## Bad
    /// ```yaml
    /// pull_request: {create: after_validation, reviewers: ["@octocat"]}
    ///                                                      ^^^^^^^^^^
    /// callers: {allow: ["github:user/octocat"]}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// pull_request: {create: after_validation, reviewers: ["@acme/platform"]}
    /// callers: {allow: ["github:user/octocat"]}
    /// ```
    name: "self-review", family: PullRequest, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(pull_request), Some(Some(callers))) = (cx.class.pull_request, cx.class.callers) else { return };
    let caller = |owner: &Owner| match owner {
        Owner::User(login) => callers
            .allow
            .iter()
            .position(|caller| matches!(caller, Caller::User(name) if name.eq_ignore_ascii_case(login))),
        Owner::Team { .. } => None,
    };
    let places: Option<Vec<usize>> = pull_request.reviewers.iter().map(caller).collect();
    if let Some(first) = places.and_then(|places| places.first().copied()) {
        let calls = cx.at(&format!("callers.allow[{first}]")).value("may start it");
        sink.report(
            cx.at("pull_request.reviewers[0]").value(""),
            "only who may start the task is asked to review it",
            |finding| finding.with_label(calls).with_help("ask a team, or somebody who does not call the class"),
        );
    }
}
