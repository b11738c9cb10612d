//! `agent-opens-unvalidated`: the agent opens the pull request before its work was judged.

use taskclass_spec::written::CreatePullRequest;

use crate::common::{replace_scalar, with_fix};
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};
use taskclass_source::Fix;

declare_rule! {
    /// The agent opens the pull request before its work was judged.
    ///
    /// ## What it does
    /// Reports `pull_request.create: by_agent`.
    ///
    /// ## Why it matters
    /// Reviewers are asked to read work that may be out of scope or may not build. With `after_validation` the executor opens
    /// the pull request once scope and checks hold.
    ///
    /// ## Bad
    /// ```yaml
    /// pull_request: {create: by_agent, reviewers: ["@acme/platform"]}
    ///                        ^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// pull_request: {create: after_validation, reviewers: ["@acme/platform"]}
    /// ```
    name: "agent-opens-unvalidated", family: PullRequest, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let explores = cx.class.intent == Some(&taskclass_spec::written::Intent::Explore);
    if !explores && cx.class.pull_request.is_some_and(|own| own.create == CreatePullRequest::ByAgent) {
        let at = cx.at("pull_request.create");
        let edit = replace_scalar(&at, "after_validation");
        let fix = edit.map(|edit| Fix::unsafe_("write `after_validation`", vec![edit]));
        let message = "the agent opens the pull request before its work is judged";
        sink.report(at.value(""), message, |finding| with_fix(finding, fix));
    }
}
