//! Issues: list, create, get, update, comment, label.

use serde_json::{Map, Value, json};

use super::call::{Call, required_text, text, texts};
use crate::reply::{Answer, Problem, Reply};
use crate::text::whole_second;
use crate::world::UserIndex;
use crate::world::issues::{Comment, Issue};

const RESOURCE: &str = "Issue";

/// 410 where issues are off.
fn enabled(call: &Call<'_>) -> Result<(), Problem> {
    if call.repo()?.script.has_issues { Ok(()) } else { Err(Problem::new(410, "Issues are disabled for this repo")) }
}

pub(crate) fn list(call: &mut Call<'_>) -> Answer {
    enabled(call)?;
    let index = call.repo_index()?;
    let state = call.choice("state", &["open", "closed", "all"])?;
    let sort = call.choice("sort", &["created", "updated", "comments"])?;
    let descending = call.choice("direction", &["desc", "asc"])? == "desc";
    let since = call.moment("since")?;
    let query = |name: &str| call.request.query_value(name).filter(|text| !text.is_empty());
    let labels: Vec<&str> = query("labels").into_iter().flat_map(|labels| labels.split(',')).map(str::trim).collect();
    let login = |user: UserIndex| call.world.people.get(user).login.as_str();
    let fits = |issue: &&Issue| {
        (state == "all" || issue.state() == state)
            && since.is_none_or(|since| whole_second(issue.updated_at) >= since)
            && labels.iter().all(|label| issue.labels.iter().any(|has| has.eq_ignore_ascii_case(label)))
            && query("creator").is_none_or(|creator| login(issue.author).eq_ignore_ascii_case(creator))
            && match query("assignee") {
                None | Some("*") => true,
                Some("none") => issue.assignees.is_empty(),
                Some(name) => issue.assignees.iter().any(|user| login(*user).eq_ignore_ascii_case(name)),
            }
    };
    let mut found: Vec<&Issue> = call.repo()?.issues.values().filter(fits).collect();
    match sort {
        "updated" => found.sort_by_key(|issue| (issue.updated_at, issue.number)),
        "comments" => found.sort_by_key(|issue| (issue.comments.len(), issue.number)),
        _ => {}
    }
    if descending {
        found.reverse();
    }
    let view = call.view();
    call.paged(found.into_iter(), |issue| view.issue(index, issue))
}

pub(crate) fn create(call: &mut Call<'_>) -> Answer {
    enabled(call)?;
    call.writable()?;
    let body = call.body()?;
    let title = match body.get("title") {
        Some(Value::Number(number)) => number.to_string(),
        _ => required_text(&body, RESOURCE, "title")?,
    };
    let (labels, assignees) = labels_and_assignees(call, &body)?;
    let content = text(&body, RESOURCE, "body")?;
    let (user, now, index) = (call.user, call.now, call.repo_index()?);
    let id = call.world.ids.database_id();
    let number = call.repo_mut()?.open_issue(id, (title, content), user, now, None);
    // Without the right to push they are dropped without a word.
    let allowed = call.can_push()?;
    let Some(issue) = call.repo_mut()?.issues.get_mut(&number).filter(|_| allowed) else {
        return shown_new(call, index, number);
    };
    issue.labels = labels.unwrap_or_default();
    issue.assignees = assignees.unwrap_or_default();
    shown_new(call, index, number)
}

fn shown_new(call: &Call<'_>, index: usize, number: u64) -> Answer {
    let issue = call.repo()?.issues.get(&number).ok_or_else(Problem::not_found)?;
    let shown = call.view().issue(index, issue);
    let location = shown["url"].as_str().unwrap_or_default().to_owned();
    Ok(Reply::created(shown).header("location", location))
}

type Marks = (Option<Vec<String>>, Option<Vec<UserIndex>>);

fn labels_and_assignees(call: &Call<'_>, body: &Map<String, Value>) -> Result<Marks, Problem> {
    let labels = texts(body, RESOURCE, "labels", "name")?;
    let logins = texts(body, RESOURCE, "assignees", "login")?;
    let find = |login: String| {
        call.world.people.find(&login).ok_or_else(|| Problem::invalid(RESOURCE, "assignees", "invalid"))
    };
    let assignees = logins.map(|logins| logins.into_iter().map(find).collect::<Result<_, _>>()).transpose()?;
    Ok((labels, assignees))
}

/// The issue that the path names, as a number that is there.
fn number(call: &Call<'_>) -> Result<u64, Problem> {
    enabled(call)?;
    let number = call.number("issue_number")?;
    call.repo()?.issues.contains_key(&number).then_some(number).ok_or_else(Problem::not_found)
}

fn shown(call: &Call<'_>, number: u64) -> Answer {
    let issue = call.repo()?.issues.get(&number).ok_or_else(Problem::not_found)?;
    Ok(Reply::ok(call.view().issue(call.repo_index()?, issue)))
}

pub(crate) fn get(call: &mut Call<'_>) -> Answer {
    let number = number(call)?;
    shown(call, number)
}

pub(crate) fn update(call: &mut Call<'_>) -> Answer {
    let number = number(call)?;
    call.writable()?;
    let body = call.body()?;
    let author = call.repo()?.issues.get(&number).is_some_and(|issue| issue.author == call.user);
    let allowed = call.can_push()?;
    if !author && !allowed {
        return Err(Problem::new(403, "Must have admin rights to Repository."));
    }
    let title = text(&body, RESOURCE, "title")?;
    let content = text(&body, RESOURCE, "body")?;
    let state = text(&body, RESOURCE, "state")?;
    let reason = text(&body, RESOURCE, "state_reason")?;
    if state.as_deref().is_some_and(|state| !["open", "closed"].contains(&state)) {
        return Err(Problem::invalid(RESOURCE, "state", "invalid"));
    }
    if reason.as_deref().is_some_and(|reason| !["completed", "not_planned", "duplicate", "reopened"].contains(&reason))
    {
        return Err(Problem::invalid(RESOURCE, "state_reason", "invalid"));
    }
    let (labels, assignees) = labels_and_assignees(call, &body)?;
    let now = call.now;
    let Some(issue) = call.repo_mut()?.issues.get_mut(&number) else { return Err(Problem::not_found()) };
    issue.updated_at = now;
    issue.title = title.unwrap_or_else(|| std::mem::take(&mut issue.title));
    issue.body = content.or_else(|| issue.body.take());
    match state.as_deref() {
        Some("closed") => {
            issue.closed_at = issue.closed_at.or(Some(now));
            issue.state_reason = reason.or_else(|| Some("completed".to_owned()));
        }
        Some("open") if issue.closed_at.take().is_some() => issue.state_reason = Some("reopened".to_owned()),
        _ => {}
    }
    if allowed {
        issue.labels = labels.unwrap_or_else(|| std::mem::take(&mut issue.labels));
        issue.assignees = assignees.unwrap_or_else(|| std::mem::take(&mut issue.assignees));
    }
    shown(call, number)
}

pub(crate) fn comment(call: &mut Call<'_>) -> Answer {
    let number = number(call)?;
    call.writable()?;
    let body = required_text(&call.body()?, "IssueComment", "body")?;
    let (user, now, index) = (call.user, call.now, call.repo_index()?);
    let comment = Comment { id: call.world.ids.database_id(), author: user, body: body.clone(), at: now };
    let Some(issue) = call.repo_mut()?.issues.get_mut(&number) else { return Err(Problem::not_found()) };
    issue.comments.push(comment.clone());
    issue.updated_at = now;
    let open_task = issue.pull.as_ref().filter(|_| issue.closed_at.is_none()).and_then(|pull| pull.task);
    // Whoever speaks to the agent on its pull request sets it to work again.
    if let Some(task) = open_task.filter(|_| body.contains("@copilot")) {
        call.world.add_session(now, task, body);
    }
    let shown = call.view().comment(index, number, &comment);
    let location = shown["url"].as_str().unwrap_or_default().to_owned();
    Ok(Reply::created(shown).header("location", location))
}

pub(crate) fn add_labels(call: &mut Call<'_>) -> Answer {
    let number = number(call)?;
    call.must_push()?;
    let body = call.body()?;
    let labels =
        texts(&body, "Label", "labels", "name")?.ok_or_else(|| Problem::invalid("Label", "labels", "missing_field"))?;
    let (now, index) = (call.now, call.repo_index()?);
    let Some(issue) = call.repo_mut()?.issues.get_mut(&number) else { return Err(Problem::not_found()) };
    for label in labels {
        if !issue.labels.iter().any(|has| has.eq_ignore_ascii_case(&label)) {
            issue.labels.push(label);
        }
    }
    issue.updated_at = now;
    let names = issue.labels.clone();
    let view = call.view();
    Ok(Reply::ok(json!(names.iter().map(|name| view.label(index, name)).collect::<Vec<_>>())))
}
