//! `base-ref-without-protection`: a class opens pull requests where no review is required.

use taskclass_spec::written::{CreatePullRequest, Intent};

use crate::absent::lacks;
use crate::context::ClassContext;
use crate::models::sensitive_in_reach;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A class opens pull requests where no review is required.
    ///
    /// ## What it does
    /// Reports a class with `intent: change` that opens pull requests and has no
    /// `repositories.require.required_reviews`.
    ///
    /// ## Why it matters
    /// taskclass never merges, but somebody will. Where the base branch asks for no review, one person's click is enough.
    ///
    /// ## Bad
    /// ```yaml
    /// repositories:
    ///   allow: [acme/svc-orders, acme/svc-billing]
    ///   require: {visibility: [private]}
    ///   ^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// repositories:
    ///   allow: [acme/svc-orders, acme/svc-billing]
    ///   require: {visibility: [private], required_reviews: 1}
    /// ```
    name: "base-ref-without-protection", family: Refs, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(Intent::Change), Some(pull_request), Some(repositories)) =
        (cx.class.intent, cx.class.pull_request, cx.class.repositories)
    else {
        return;
    };
    let asks = repositories.require.as_ref().is_some_and(|require| require.required_reviews.is_some());
    let lacking = !asks && lacks(cx, "repositories.require", "required_reviews");
    // Where a sensitive repository is in reach, `sensitive-repository` says it.
    if pull_request.create != CreatePullRequest::Never && lacking && sensitive_in_reach(cx).is_empty() {
        let create = cx.at("pull_request.create").value("pull requests are opened");
        sink.report(cx.at("repositories.require").key(""), "no review is required on the base branch", |finding| {
            finding.with_label(create).with_help("ask for one: `require: {required_reviews: 1}`")
        });
    }
}
