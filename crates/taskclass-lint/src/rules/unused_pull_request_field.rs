//! `unused-pull-request-field`: labels or reviewers of a pull request that nobody opens.

use taskclass_spec::written::CreatePullRequest;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Labels or reviewers of a pull request that nobody opens.
    ///
    /// ## What it does
    /// Reports `pull_request.labels` and `pull_request.reviewers` where `create` is `never`.
    ///
    /// ## Why it matters
    /// They read as if somebody were asked to review the result. Nobody is.
    ///
    /// ## Bad
    /// ```yaml
    /// pull_request: {create: never, reviewers: ["@acme/platform"]}
    ///                               ^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// pull_request: {create: never}
    /// ```
    name: "unused-pull-request-field", family: PullRequest, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(pull_request) = cx.class.pull_request else { return };
    if pull_request.create != CreatePullRequest::Never {
        return;
    }
    let fields = [("labels", pull_request.labels.is_empty()), ("reviewers", pull_request.reviewers.is_empty())];
    for (field, _) in fields.into_iter().filter(|(_, empty)| !empty) {
        let message = format!("`{field}` is for a pull request, and this class opens none");
        sink.report(cx.at(&format!("pull_request.{field}")).key(""), message, |finding| {
            let never = cx.at("pull_request.create");
            let finding = match cx.document.node("pull_request.create") {
                Some(_) => finding.with_label(never.value("nobody opens one")),
                None => finding.with_note("`create` is `never` where it is not written"),
            };
            finding.with_help("write `create: after_validation`, or leave it out")
        });
    }
}
