//! GitHub itself: whether it answers, its clock, its limits.

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::Github;
use taskclass_github::{ApiErrorKind, CallError, DEFAULT_API_VERSION, Meta};

use super::report::{Area, Check};
use crate::{machine::Settings, phrases};

const AREA: Area = Area::Github;

/// HTTP's dates are whole seconds, and an answer takes a while.
const UNNOTICED: SignedDuration = SignedDuration::from_secs(10);
/// A lost submission is looked for from a minute before it was sent: with a clock that is further off it would not be found.
const TOO_FAR: SignedDuration = SignedDuration::from_secs(60);

/// It answered: where it is, in which version, and how the two clocks differ.
pub(super) fn answered(settings: &Settings, meta: &Meta, now: Timestamp) -> Vec<Check> {
    let (place, version) = settings
        .github
        .as_ref()
        .map_or(("the simulator".to_owned(), None), |github| (github.api.to_string(), github.api_version.as_deref()));
    let says = format!("{place} answers, in version {}", version.unwrap_or(DEFAULT_API_VERSION));
    vec![Check::ok(AREA, "reachable", says), clock(meta.date, now)]
}

fn clock(date: Option<Timestamp>, now: Timestamp) -> Check {
    let Some(date) = date else {
        return Check::warn(AREA, "clock", "GitHub did not say what time it is there")
            .because("a lost submission is looked for by time")
            .fix("see what stands between this machine and GitHub: a proxy may have taken the `Date` field away");
    };
    let off = now.duration_since(date);
    let way = if off.is_negative() { "behind" } else { "ahead of" };
    let says = format!("this machine's clock is {} {way} GitHub's", phrases::span(date, now));
    let fix = "let the machine keep its time by NTP";
    if off.abs() < UNNOTICED {
        Check::ok(AREA, "clock", "this machine's clock agrees with GitHub's")
    } else if off.abs() < TOO_FAR {
        Check::warn(AREA, "clock", says).fix(fix)
    } else {
        let why = if off.is_negative() {
            "approvals, tokens and budgets' windows would count for so much longer than they last"
        } else {
            "a submission whose answer was lost is looked for by time, and would not be found"
        };
        Check::bad(AREA, "clock", says).because(why).fix(fix)
    }
}

/// It gave no answer, or one that is about the token.
pub(super) fn failed(error: &CallError) -> Check {
    match error.api().map(|api| &api.kind) {
        Some(ApiErrorKind::Unauthorized) => Check::bad(Area::Token, "accepted", error.to_string())
            .fix("make a new token and put it where `github.token` says"),
        Some(ApiErrorKind::BadRequest) => Check::bad(AREA, "version", error.to_string())
            .fix("leave `github.api_version` out, or name one that GitHub supports"),
        Some(ApiErrorKind::RateLimited(_)) => {
            Check::bad(AREA, "rate", error.to_string()).fix("wait as long as it says")
        }
        _ => Check::bad(AREA, "reachable", error.to_string())
            .because("nothing is sent while GitHub does not answer; tasks there go on")
            .fix("look at https://www.githubstatus.com, at `github.api`, and at the way there (proxy, firewall)"),
    }
}

/// Whether a failure means that GitHub could not be asked at all.
pub(super) fn is_unreachable(error: &CallError) -> bool {
    match error.api() {
        None => true,
        Some(api) => {
            matches!(api.kind, ApiErrorKind::ServerError | ApiErrorKind::Timeout | ApiErrorKind::RateLimited(_))
        }
    }
}

/// What is left of the hour.
pub(super) fn rate(github: &Github<'_>, now: Timestamp) -> Check {
    let limits = match github.rate_limit() {
        Ok(answer) => answer.value,
        Err(error) => return Check::warn(AREA, "rate", error.to_string()),
    };
    let Some(core) = limits.resources.get("core") else {
        return Check::warn(AREA, "rate", "GitHub did not say how many requests are left");
    };
    let says = format!(
        "{} of {} requests left, until the count begins anew in {}",
        core.remaining,
        core.limit,
        phrases::span(now, core.reset.max(now))
    );
    if core.remaining.saturating_mul(10) < core.limit {
        return Check::warn(AREA, "rate", says)
            .because("everything else that uses a token of the same user draws on the same hour")
            .fix("wait, or see what else uses this user's tokens");
    }
    Check::ok(AREA, "rate", says)
}
