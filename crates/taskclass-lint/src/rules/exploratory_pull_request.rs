//! `exploratory-pull-request`: a class that only explores opens pull requests.

use taskclass_source::Fix;
use taskclass_spec::written::{CreatePullRequest, Intent};

use crate::common::{replace_scalar, with_fix};
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A class that only explores opens pull requests.
    ///
    /// ## What it does
    /// Reports `pull_request.create` other than `never` in a class with `intent: explore`.
    ///
    /// ## Why it matters
    /// Exploratory work is read, not merged. An open pull request asks to be merged.
    ///
    /// ## Bad
    /// ```yaml
    /// intent: explore
    /// pull_request: {create: after_validation, reviewers: ["@acme/platform"]}
    ///                        ^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// intent: explore
    /// pull_request: {create: never}
    /// ```
    name: "exploratory-pull-request", family: PullRequest, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(Intent::Explore), Some(pull_request)) = (cx.class.intent, cx.class.pull_request) else { return };
    if pull_request.create != CreatePullRequest::Never {
        let at = cx.at("pull_request.create");
        let fix = replace_scalar(&at, "never").map(|edit| Fix::unsafe_("write `never`", vec![edit]));
        sink.report(at.value(""), "a class that only explores opens no pull request", |finding| {
            with_fix(finding.with_label(cx.at("intent").value("it only explores")), fix)
        });
    }
}
