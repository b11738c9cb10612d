//! `rate-above-github`: more submissions an hour than GitHub lets one token make.

use taskclass_spec::written::CreatePullRequest;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// More submissions an hour than GitHub lets one token make.
    ///
    /// ## What it does
    /// Counts what each submission creates at GitHub, the task and the pull request that the executor opens, against 500 an
    /// hour; and reports an hourly limit that is above the daily one.
    ///
    /// ## Why it matters
    /// Beyond its limit GitHub refuses, and the refusals slow down everything else that the token does.
    ///
    /// ## Bad
    /// ```yaml
    /// limits:
    ///   timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 9d}
    ///   in_flight: {total: 4, per_repository: 1}
    ///   submissions: {per_hour: 300, per_day: 500}
    ///                           ^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// limits:
    ///   timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 9d}
    ///   in_flight: {total: 4, per_repository: 1}
    ///   submissions: {per_hour: 150, per_day: 500}
    /// ```
    name: "rate-above-github", family: Limits, level: Warning, hold: Free, check: Class(check)
}

const CREATED_AN_HOUR: u32 = 500;

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(submissions) = cx.class.limits.and_then(|limits| limits.submissions) else { return };
    let Some(per_hour) = submissions.per_hour else { return };
    let opens = cx.class.pull_request.is_some_and(|own| own.create == CreatePullRequest::AfterValidation);
    let creates = if opens { 2 } else { 1 };
    let at = cx.at("limits.submissions.per_hour");
    if per_hour.saturating_mul(creates) > CREATED_AN_HOUR {
        let what = if opens { "a task and a pull request each" } else { "a task each" };
        let message = format!("{per_hour} submissions an hour, {what}, are more than GitHub allows");
        sink.report(at.value(""), message, |finding| {
            finding
                .with_help(format!("at most {} leave room for nothing else", CREATED_AN_HOUR / creates))
                .with_note("GitHub refuses more than 500 content-creating requests an hour from one token")
        });
    } else if let Some(per_day) = submissions.per_day.filter(|per_day| *per_day < per_hour) {
        let day = cx.at("limits.submissions.per_day").value("reached first");
        sink.report(at.value(""), format!("{per_hour} an hour are more than {per_day} a day"), |finding| {
            finding.with_label(day)
        });
    }
}
