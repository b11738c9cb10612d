//! `foreign-reviewer`: a team that cannot be asked for a review where the class runs.

use taskclass_spec::Owner;
use taskclass_spec::suggest::closest;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A team that cannot be asked for a review where the class runs.
    ///
    /// ## What it does
    /// Compares the organisation of each team under `pull_request.reviewers` with the owners of `repositories.allow`.
    ///
    /// ## Why it matters
    /// GitHub asks teams only in repositories of their own organisation. The executor refuses to run the class on the others.
    ///
    /// ## Bad
    /// ```yaml
    /// pull_request: {create: after_validation, reviewers: ["@globex/platform"]}
    ///                                                      ^^^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// pull_request: {create: after_validation, reviewers: ["@acme/platform"]}
    /// ```
    name: "foreign-reviewer", family: PullRequest, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(pull_request), Some(repositories)) = (cx.class.pull_request, cx.class.repositories) else { return };
    for (index, reviewer) in pull_request.reviewers.iter().enumerate() {
        let Owner::Team { org, slug } = reviewer else { continue };
        // An owner that is almost the same is misspelled; `foreign-owner` says so.
        let elsewhere = |owner: &str| !owner.eq_ignore_ascii_case(org) && closest(owner, [org.as_str()]).is_none();
        let Some(place) = repositories.allow.iter().position(|pattern| elsewhere(pattern.owner())) else { continue };
        let pattern = &repositories.allow[place];
        let at = cx.at(&format!("pull_request.reviewers[{index}]"));
        let message = format!("`{reviewer}` cannot be asked for a review in repositories of {}", pattern.owner());
        sink.report(at.value(""), message, |finding| {
            finding
                .with_label(cx.at(&format!("repositories.allow[{place}]")).value("the class runs here"))
                .with_help(format!("name a team of {0}, such as `@{0}/{slug}`, or a person", pattern.owner()))
        });
    }
}
