//! `run-below-session-limit`: a task is given up before GitHub's own session ends.

use taskclass_spec::Duration;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A task is given up before GitHub's own session ends.
    ///
    /// ## What it does
    /// Reports `limits.timeouts.run` under 59 minutes.
    ///
    /// ## Why it matters
    /// GitHub ends a session after 59 minutes, and there is no sure way to end it earlier: the task would be called timed out
    /// while the agent works on and pushes.
    ///
    /// ## Bad
    /// ```yaml
    /// limits:
    ///   timeouts: {queue: 30m, run: 45m, stale: 20m, waiting: 24h, review: 7d, total: 9d}
    ///                               ^^^
    ///   in_flight: {total: 4, per_repository: 1}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// limits:
    ///   timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 9d}
    ///   in_flight: {total: 4, per_repository: 1}
    /// ```
    name: "run-below-session-limit", family: Limits, level: Warning, hold: Free, check: Class(check)
}

const SESSION: Duration = Duration::from_minutes(59);

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(limits) = cx.class.limits else { return };
    let run = limits.timeouts.run;
    if run < SESSION {
        let message = format!("`run` ({run}) ends before a session of GitHub's agent does ({SESSION})");
        sink.report(cx.at("limits.timeouts.run").value(""), message, |finding| {
            finding.with_help("give it at least an hour; `stale` catches a session that has stopped working")
        });
    }
}
