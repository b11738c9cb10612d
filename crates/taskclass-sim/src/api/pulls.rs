//! Pull requests: list, create, get, update, files, reviews, comments, reviewers.

use serde_json::{Map, Value};

use super::call::{Call, boolean, required_text, text, texts};
use crate::reply::{Answer, Problem, Reply};
use crate::text::whole_second;
use crate::world::issues::{Issue, Pull};

const RESOURCE: &str = "PullRequest";
/// The most files that the list of a pull request's files shows.
const MOST_FILES: usize = 3000;

pub(crate) fn list(call: &mut Call<'_>) -> Answer {
    let index = call.repo_index()?;
    let repo = call.repo()?;
    let state = call.choice("state", &["open", "closed", "all"])?;
    let sort = call.choice("sort", &["created", "updated", "popularity", "long-running"])?;
    let newest_first =
        call.choice("direction", if sort == "created" { &["desc", "asc"] } else { &["asc", "desc"] })? == "desc";
    let query = |name: &str| call.request.query_value(name).filter(|text| !text.is_empty());
    // GitHub takes a head without its owner for no filter at all.
    let head = query("head").and_then(|head| head.split_once(':'));
    let fits = |issue: &&Issue| {
        issue.pull.as_ref().is_some_and(|pull| {
            (state == "all" || issue.state() == state)
                && query("base").is_none_or(|base| pull.base == base)
                && head.is_none_or(|(owner, branch)| owner.eq_ignore_ascii_case(&repo.owner) && pull.head == branch)
        })
    };
    let mut found: Vec<&Issue> = repo.issues.values().filter(fits).collect();
    match sort {
        "updated" => found.sort_by_key(|issue| (issue.updated_at, issue.number)),
        "popularity" => found.sort_by_key(|issue| (issue.comments.len(), issue.number)),
        _ => {}
    }
    if newest_first {
        found.reverse();
    }
    let view = call.view();
    call.paged(found.into_iter(), |issue| view.pull(index, issue.number, false))
}

pub(crate) fn create(call: &mut Call<'_>) -> Answer {
    call.must_push()?;
    let body = call.body()?;
    let title = required_text(&body, RESOURCE, "title")?;
    let head = required_text(&body, RESOURCE, "head")?;
    let base = required_text(&body, RESOURCE, "base")?;
    let content = text(&body, RESOURCE, "body")?;
    let draft = boolean(&body, RESOURCE, "draft")?.unwrap_or(false);
    let index = call.repo_index()?;
    let repo = call.repo()?;
    let head = match head.split_once(':') {
        Some((owner, branch)) if owner.eq_ignore_ascii_case(&repo.owner) => branch.to_owned(),
        Some(_) => return Err(Problem::invalid(RESOURCE, "head", "invalid")),
        None => head,
    };
    let sha = |branch: &str, field: &str| {
        repo.git.branch(branch).map(str::to_owned).ok_or_else(|| Problem::invalid(RESOURCE, field, "invalid"))
    };
    let (head_sha, base_sha) = (sha(&head, "head")?, sha(&base, "base")?);
    let (owner, name) = (&repo.owner, repo.full_name());
    if repo.open_pull(&head, &base).is_some() {
        return Err(Problem::custom(RESOURCE, &format!("A pull request already exists for {owner}:{head}.")));
    }
    if repo.git.compare(&base_sha, &head_sha).is_none_or(|found| found.ahead.is_empty()) {
        return Err(Problem::custom(RESOURCE, &format!("No commits between {base} and {head} in {name}")));
    }
    let task = call.world.tasks.by_creation(Some(index)).rev().find(|task| {
        let task = call.world.tasks.get(*task);
        task.branch.as_ref() == Some(&head) && task.pull.is_none()
    });
    let script = task.map(|task| call.world.tasks.get(task).script.pull_request.clone()).unwrap_or_default();
    let (user, now) = (call.user, call.now);
    let new = Pull::new(call.world.ids.database_id(), (head, head_sha), (base, base_sha), now);
    let mergeable_from = crate::world::agenda::later(now, script.mergeable_unknown.get());
    let pull = Pull { draft, task, mergeable: script.mergeable, mergeable_from, ..new };
    let id = call.world.ids.database_id();
    let number = call.repo_mut()?.open_issue(id, (title, content), user, now, Some(pull));
    call.world.plan_later(now, index, number);
    let shown = call.view().pull(index, number, true);
    let location = shown["url"].as_str().unwrap_or_default().to_owned();
    Ok(Reply::created(shown).header("location", location))
}

/// The pull request that the path names, as a number that is there.
fn number(call: &Call<'_>) -> Result<u64, Problem> {
    let number = call.number("pull_number")?;
    call.repo()?.pull(number).map(|_| number).ok_or_else(Problem::not_found)
}

pub(crate) fn get(call: &mut Call<'_>) -> Answer {
    let number = number(call)?;
    Ok(Reply::ok(call.view().pull(call.repo_index()?, number, true)))
}

pub(crate) fn update(call: &mut Call<'_>) -> Answer {
    let number = number(call)?;
    call.must_push()?;
    let body = call.body()?;
    let (title, content) = (text(&body, RESOURCE, "title")?, text(&body, RESOURCE, "body")?);
    let (state, base) = (text(&body, RESOURCE, "state")?, text(&body, RESOURCE, "base")?);
    if state.as_deref().is_some_and(|state| !["open", "closed"].contains(&state)) {
        return Err(Problem::invalid(RESOURCE, "state", "invalid"));
    }
    if base.as_ref().is_some_and(|base| call.repo().is_ok_and(|repo| repo.git.branch(base).is_none())) {
        return Err(Problem::invalid(RESOURCE, "base", "invalid"));
    }
    let merged = call.repo()?.pull(number).is_some_and(|(_, pull)| pull.merged.is_some());
    if merged && state.as_deref() == Some("open") {
        return Err(Problem::invalid(RESOURCE, "state", "invalid"));
    }
    let now = call.now;
    let Some(issue) = call.repo_mut()?.issues.get_mut(&number) else { return Err(Problem::not_found()) };
    issue.updated_at = now;
    issue.title = title.unwrap_or_else(|| std::mem::take(&mut issue.title));
    issue.body = content.or_else(|| issue.body.take());
    match state.as_deref() {
        Some("closed") => issue.closed_at = issue.closed_at.or(Some(now)),
        Some("open") => issue.closed_at = None,
        _ => {}
    }
    if let (Some(base), Some(pull)) = (base, &mut issue.pull) {
        pull.base = base;
    }
    Ok(Reply::ok(call.view().pull(call.repo_index()?, number, true)))
}

pub(crate) fn files(call: &mut Call<'_>) -> Answer {
    let number = number(call)?;
    let index = call.repo_index()?;
    let repo = call.repo()?;
    let Some((_, pull)) = repo.pull(number) else { return Err(Problem::not_found()) };
    let files = repo.git.compare(&pull.base_sha, &pull.head_sha).map(|found| found.files).unwrap_or_default();
    let view = call.view();
    call.paged(files.iter().take(MOST_FILES), |file| view.file(index, &pull.head_sha, file))
}

pub(crate) fn reviews(call: &mut Call<'_>) -> Answer {
    let number = number(call)?;
    let index = call.repo_index()?;
    let Some((_, pull)) = call.repo()?.pull(number) else { return Err(Problem::not_found()) };
    let view = call.view();
    call.paged(pull.reviews.iter(), |review| view.review(index, number, review))
}

pub(crate) fn review_comments(call: &mut Call<'_>) -> Answer {
    let number = number(call)?;
    let index = call.repo_index()?;
    let since = call.moment("since")?;
    let sort = call.choice("sort", &["created", "updated"])?;
    let descending = sort == "updated" && call.choice("direction", &["desc", "asc"])? == "desc";
    let Some((_, pull)) = call.repo()?.pull(number) else { return Err(Problem::not_found()) };
    let mut found: Vec<_> = pull
        .review_comments
        .iter()
        .filter(|comment| since.is_none_or(|since| whole_second(comment.at) >= since))
        .collect();
    if descending {
        found.reverse();
    }
    let view = call.view();
    call.paged(found.into_iter(), |comment| view.review_comment(index, number, comment))
}

pub(crate) fn request_reviewers(call: &mut Call<'_>) -> Answer {
    let number = number(call)?;
    call.must_push()?;
    let body = if call.request.body.is_empty() { Map::<String, Value>::new() } else { call.body()? };
    let logins = texts(&body, RESOURCE, "reviewers", "login")?.unwrap_or_default();
    let slugs = texts(&body, RESOURCE, "team_reviewers", "slug")?.unwrap_or_default();
    let repo = call.repo()?;
    let refused = |what: &str| {
        let message = format!(
            "Reviews may only be requested from collaborators. One or more of the {what} you specified is not a \
             collaborator of the {} repository.",
            repo.full_name()
        );
        Problem::new(422, message)
    };
    let author = repo.issues.get(&number).map(|issue| issue.author);
    let mut users = Vec::new();
    for login in &logins {
        let user =
            call.world.people.find(login).filter(|_| repo.role(login) != "none").ok_or_else(|| refused("users"))?;
        if Some(user) == author {
            return Err(Problem::new(422, "Review cannot be requested from pull request author."));
        }
        users.push(user);
    }
    let mut teams = Vec::new();
    for slug in &slugs {
        teams.push(call.world.people.team(&repo.owner, slug).ok_or_else(|| refused("teams"))?.0);
    }
    let (index, now) = (call.repo_index()?, call.now);
    call.world.touch_pull(now, index, number, |pull| {
        users.retain(|user| !pull.requested_reviewers.contains(user));
        teams.retain(|team| !pull.requested_teams.contains(team));
        pull.requested_reviewers.extend(users);
        pull.requested_teams.extend(teams);
    });
    Ok(Reply::created(call.view().pull(index, number, false)))
}
