//! The agent tasks: create, list, get.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::{Call, boolean, required_text, text};
use crate::page::Page;
use crate::reply::{Answer, Problem, Reply};
use crate::scenario::FaultKind;
use crate::text::whole_second;
use crate::world::agenda::later;
use crate::world::tasks::{Asked, State, Tally, Task};
use crate::world::{RepoIndex, TaskIndex, UserIndex};

const RESOURCE: &str = "Task";

pub(crate) fn create(call: &mut Call<'_>) -> Answer {
    let body = call.body()?;
    let repo = call.repo_index()?;
    // Unlike elsewhere, no field here may be null.
    if let Some(name) = body.iter().find_map(|(name, value)| value.is_null().then_some(name)) {
        return Err(Problem::invalid(RESOURCE, name, "invalid"));
    }
    let prompt = required_text(&body, RESOURCE, "prompt")?;
    let model = text(&body, RESOURCE, "model")?;
    let custom_agent = text(&body, RESOURCE, "custom_agent")?;
    let create_pull_request = boolean(&body, RESOURCE, "create_pull_request")?.unwrap_or(false);
    let head_ref = text(&body, RESOURCE, "head_ref")?;
    let base_ref = text(&body, RESOURCE, "base_ref")?;
    call.must_push()?;
    let found = call.repo()?;
    if found.script.disabled || !found.script.agent_enabled {
        return Err(Problem::new(403, "Copilot cloud agent is not enabled for this repository."));
    }
    if model.as_ref().is_some_and(|model| call.world.rejected_models.contains(model)) {
        return Err(Problem::invalid(RESOURCE, "model", "invalid"));
    }
    let base_ref = base_ref.unwrap_or_else(|| found.script.default_branch.clone());
    let base_ref = base_ref.strip_prefix("refs/heads/").unwrap_or(&base_ref).to_owned();
    for (name, branch) in [("base_ref", Some(&base_ref)), ("head_ref", head_ref.as_ref())] {
        if branch.is_some_and(|branch| found.git.branch(branch).is_none()) {
            return Err(Problem::invalid(RESOURCE, name, "invalid"));
        }
    }
    let asked =
        Asked { repo, creator: call.user, prompt, model, custom_agent, create_pull_request, base_ref, head_ref };
    let task = call.world.create_task(call.now, asked);
    strike(call, task);
    let view = call.view();
    Ok(Reply::created(view.task(task, false)))
}

/// The faults that follow a new task.
fn strike(call: &mut Call<'_>, task: TaskIndex) {
    let now = call.now;
    for fault in call.faults {
        let record = call.world.tasks.get_mut(task);
        match fault {
            FaultKind::Unlisted { lasts } => record.listed_from = later(now, lasts.get()),
            FaultKind::NotFound { lasts } => record.found_from = later(now, lasts.get()),
            FaultKind::SubstituteModel { model } => record.substitute = Some(model.clone()),
            FaultKind::Archived {} => call.world.tasks.archive(task, now),
            _ => {}
        }
    }
}

pub(crate) fn get(call: &mut Call<'_>) -> Answer {
    let found = call.world.tasks.find(call.param("task_id")).ok_or_else(Problem::not_found)?;
    let task = call.world.tasks.get(found);
    let elsewhere = call.repo.is_some_and(|repo| repo != task.repo);
    if elsewhere || !visible(call, task) || call.now < task.found_from {
        return Err(Problem::not_found());
    }
    Ok(Reply::ok(call.view().task(found, true)))
}

/// Whether the token may see a task: its repository is within reach.
fn visible(call: &Call<'_>, task: &Task) -> bool {
    let repo = &call.world.repos[task.repo];
    crate::auth::reach(call.token, &repo.owner, &repo.full_name()).is_ok() && repo.role(&call.me().login) != "none"
}

pub(crate) fn list_for_repo(call: &mut Call<'_>) -> Answer {
    let repo = call.repo_index()?;
    let mut creators: Vec<u64> = Vec::new();
    let given = call.request.query.iter().filter(|(name, _)| name == "creator_id" || name == "creator_id[]");
    for id in given.flat_map(|(_, value)| value.split(',')) {
        creators.push(id.trim().parse().map_err(|_| Problem::invalid("Query", "creator_id", "invalid"))?);
    }
    list_of(call, Some(repo), None, &creators, call.world.tasks.tally_of_repo(repo))
}

pub(crate) fn list(call: &mut Call<'_>) -> Answer {
    list_of(call, None, Some(call.user), &[], call.world.tasks.tally_of_user(call.user))
}

fn list_of(
    call: &Call<'_>,
    repo: Option<RepoIndex>,
    creator: Option<UserIndex>,
    creators: &[u64],
    tally: Tally,
) -> Answer {
    let page = Page::of(call.request, true)?;
    let sort = call.choice("sort", &["updated_at", "created_at"])?;
    let ascending = call.choice("direction", &["desc", "asc"])? == "asc";
    let archived = call.choice("is_archived", &["false", "true"])? == "true";
    let since = call.moment("since")?.unwrap_or(Timestamp::MIN);
    let states = states(call)?;
    let tasks = &call.world.tasks;
    let shown = |index: &TaskIndex| {
        let task = tasks.get(*index);
        task.archived_at.is_some() == archived
            && task.listed_from <= call.now
            && whole_second(task.updated_at) >= since
            && creator.is_none_or(|creator| task.asked.creator == creator)
            && (creators.is_empty() || creators.contains(&call.world.people.get(task.asked.creator).id))
            && (states.is_empty() || states.contains(&task.state()))
            && (repo.is_some() || visible(call, task))
    };
    let from = whole_second(since);
    let (items, more) = match (call.must_be_empty(), sort, ascending) {
        (true, ..) => (Vec::new(), false),
        (_, "created_at", true) => page.cut(tasks.by_creation(repo).filter(shown)),
        (_, "created_at", false) => page.cut(tasks.by_creation(repo).rev().filter(shown)),
        (_, _, true) => page.cut(tasks.by_update(repo, from).filter(shown)),
        (_, _, false) => page.cut(tasks.by_update(repo, from).rev().filter(shown)),
    };
    let view = call.view();
    let items: Vec<Value> = items.into_iter().map(|index| view.task(index, false)).collect();
    let body = json!({
        "tasks": items,
        "total_active_count": tally.all - tally.archived,
        "total_archived_count": tally.archived,
    });
    Ok(Reply::ok(body).header("link", page.link(call.api, call.request, more)))
}

/// The states asked for; none means all.
fn states(call: &Call<'_>) -> Result<Vec<State>, Problem> {
    let text = call.request.query_value("state").unwrap_or_default();
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| State::parse(name).ok_or_else(|| Problem::invalid("Query", "state", "invalid"))).collect()
}
