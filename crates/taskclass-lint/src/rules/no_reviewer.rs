//! `no-reviewer`: a pull request that nobody is asked to review.

use taskclass_spec::written::{CreatePullRequest, Intent};

use crate::absent::lacks;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A pull request that nobody is asked to review.
    ///
    /// ## What it does
    /// Reports a class that opens pull requests and names no `reviewers`.
    ///
    /// ## Why it matters
    /// A person reviews the diff: that is what makes agent work acceptable. Nobody looks at what nobody was asked to.
    ///
    /// ## Bad
    /// ```yaml
    /// pull_request: {create: after_validation, labels: [agent]}
    /// ^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// pull_request: {create: after_validation, labels: [agent], reviewers: ["@acme/platform"]}
    /// ```
    name: "no-reviewer", family: PullRequest, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(pull_request) = cx.class.pull_request else { return };
    // A class that only explores should open none; that is said by `exploratory-pull-request`.
    let opens = pull_request.create != CreatePullRequest::Never && cx.class.intent != Some(&Intent::Explore);
    if opens && pull_request.reviewers.is_empty() && lacks(cx, "pull_request", "reviewers") {
        sink.report(cx.at("pull_request").key(""), "nobody is asked to review the pull request", |finding| {
            finding.with_help("name a team: `reviewers: [\"@org/team\"]`")
        });
    }
}
