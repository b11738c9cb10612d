//! Check runs and commit statuses.

use serde_json::{Value, json};

use super::call::{Call, required_text, text};
use crate::reply::{Answer, Problem, Reply};
use crate::world::checks::Status;

/// What a status can say.
const STATES: [&str; 4] = ["error", "failure", "pending", "success"];

/// The commit that the path names.
fn sha(call: &Call<'_>) -> Result<String, Problem> {
    let reference = call.param("ref");
    let commit = call.repo()?.git.resolve(reference);
    commit
        .map(|commit| commit.sha.clone())
        .ok_or_else(|| Problem::new(422, format!("No commit found for SHA: {reference}")))
}

pub(crate) fn check_runs(call: &mut Call<'_>) -> Answer {
    let sha = sha(call)?;
    let index = call.repo_index()?;
    let state = call.choice("status", &["", "queued", "in_progress", "completed"])?;
    let name = call.request.query_value("check_name");
    let runs: Vec<_> = call
        .repo()?
        .checks
        .runs(&sha)
        .iter()
        .filter(|run| name.is_none_or(|name| run.name == name))
        .filter(|run| state.is_empty() || (state == "completed") == run.completed_at.is_some())
        .collect();
    let total = if call.must_be_empty() { 0 } else { runs.len() };
    let (items, link) = call.page(runs.into_iter())?;
    let view = call.view();
    let items: Vec<Value> = items.into_iter().map(|run| view.check_run(index, &sha, run)).collect();
    Ok(Reply::ok(json!({"total_count": total, "check_runs": items})).header("link", link))
}

pub(crate) fn combined(call: &mut Call<'_>) -> Answer {
    let reference = call.param("ref");
    let commit = call.repo()?.git.resolve(reference).ok_or_else(Problem::not_found)?;
    let sha = commit.sha.clone();
    let index = call.repo_index()?;
    let repo = call.repo()?;
    let statuses = repo.checks.latest_statuses(&sha);
    let any = |states: &[&str]| statuses.iter().any(|status| states.contains(&status.state.as_str()));
    // Without any status it is pending, not a success.
    let state = if any(&["failure", "error"]) {
        "failure"
    } else if statuses.is_empty() || any(&["pending"]) {
        "pending"
    } else {
        "success"
    };
    let (items, link) = call.page(statuses.iter().copied())?;
    let view = call.view();
    let items: Vec<Value> = items.into_iter().map(|status| view.simple_status(index, &sha, status)).collect();
    let base = format!("{}/repos/{}/commits/{sha}", call.api, repo.full_name());
    let body = json!({
        "state": state, "statuses": items, "sha": sha, "total_count": statuses.len(), "repository": view.repo(index),
        "commit_url": base, "url": format!("{base}/status"),
    });
    Ok(Reply::ok(body).header("link", link))
}

/// Every status that was ever set, newest first, with its creator.
pub(crate) fn list(call: &mut Call<'_>) -> Answer {
    let sha = sha(call)?;
    let index = call.repo_index()?;
    let view = call.view();
    let statuses = call.repo()?.checks.all_statuses(&sha);
    call.paged(statuses.iter(), |status| view.status(index, &sha, status))
}

pub(crate) fn create(call: &mut Call<'_>) -> Answer {
    const RESOURCE: &str = "Status";
    call.must_push()?;
    let body = call.body()?;
    let state = required_text(&body, RESOURCE, "state")?;
    if !STATES.contains(&state.as_str()) {
        return Err(Problem::invalid(RESOURCE, "state", "invalid"));
    }
    let sha = call.param("sha").to_owned();
    let index = call.repo_index()?;
    if call.repo()?.git.commit_of(&sha).is_none() {
        return Err(Problem::custom(RESOURCE, &format!("No commit found for SHA: {sha}")));
    }
    let description = text(&body, RESOURCE, "description")?;
    if description.as_ref().is_some_and(|text| text.chars().count() > 140) {
        return Err(Problem::custom(RESOURCE, "description is too long (maximum is 140 characters)"));
    }
    let status = Status {
        id: call.world.ids.database_id(),
        context: text(&body, RESOURCE, "context")?.unwrap_or_else(|| "default".to_owned()),
        state,
        description,
        target_url: text(&body, RESOURCE, "target_url")?,
        creator: Some(call.user),
        at: call.now,
    };
    call.repo_mut()?.checks.set_status(&sha, status.clone());
    let shown = call.view().status(index, &sha, &status);
    let location = shown["url"].as_str().unwrap_or_default().to_owned();
    Ok(Reply::created(shown).header("location", location))
}
