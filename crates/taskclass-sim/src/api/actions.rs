//! Workflow runs.

use serde_json::{Value, json};

use super::call::Call;
use crate::reply::{Answer, Problem, Reply};
use crate::scenario::FaultKind;
use crate::text::whole_second;
use crate::world::runs::{CancelAnswer, Run};

pub(crate) fn list_runs(call: &mut Call<'_>) -> Answer {
    let index = call.repo_index()?;
    let query = |name: &str| call.request.query_value(name).filter(|text| !text.is_empty());
    let actor = query("actor");
    let fits = |run: &&Run| {
        query("branch").is_none_or(|branch| run.head_branch == branch)
            // Every run here is of the agent's kind.
            && query("event").is_none_or(|event| event == "dynamic")
            && query("status").is_none_or(|status| run.status() == status || run.conclusion == Some(status))
            && query("head_sha").is_none_or(|sha| run.head_sha == sha)
            && query("created").is_none_or(|range| within(range, run))
            && actor.is_none_or(|login| call.world.people.get(run.actor).login.eq_ignore_ascii_case(login))
    };
    let runs: Vec<&Run> = call.repo()?.runs.iter().rev().filter(fits).collect();
    let total = if call.must_be_empty() { 0 } else { runs.len() };
    let (items, link) = call.page(runs.into_iter())?;
    let view = call.view();
    let items: Vec<Value> = items.into_iter().map(|run| view.run(index, run)).collect();
    Ok(Reply::ok(json!({"total_count": total, "workflow_runs": items})).header("link", link))
}

/// GitHub's search syntax for moments: `>=T`, `>T`, `<=T`, `<T`, `A..B`, or a day. What it cannot read fits nothing.
fn within(range: &str, run: &Run) -> bool {
    let at = whole_second(run.created_at);
    let moment = |text: &str| {
        let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
        text.parse::<jiff::Timestamp>().ok().or_else(|| day().map(|day| day.timestamp()))
    };
    let holds = |text: &str, test: &dyn Fn(jiff::Timestamp) -> bool| moment(text).is_some_and(test);
    if let Some((from, to)) = range.split_once("..") {
        return (from == "*" || holds(from, &|from| at >= from)) && (to == "*" || holds(to, &|to| at <= to));
    }
    match range {
        range if range.starts_with(">=") => holds(&range[2..], &|bound| at >= bound),
        range if range.starts_with("<=") => holds(&range[2..], &|bound| at <= bound),
        range if range.starts_with('>') => holds(&range[1..], &|bound| at > bound),
        range if range.starts_with('<') => holds(&range[1..], &|bound| at < bound),
        day => at.to_string().starts_with(day),
    }
}

pub(crate) fn cancel_run(call: &mut Call<'_>) -> Answer {
    call.must_push()?;
    let (repo, id) = (call.repo_index()?, call.number("run_id")?);
    let ignored = call.faults.iter().any(|fault| matches!(fault, FaultKind::IgnoreCancel {}));
    match call.world.cancel_run(call.now, repo, id, ignored) {
        CancelAnswer::Unknown => Err(Problem::not_found()),
        CancelAnswer::Conflict => Err(Problem::new(409, "Cannot cancel a workflow run that is completed.")),
        CancelAnswer::Accepted => Ok(Reply { status: 202, ..Reply::ok(json!({})) }),
    }
}
