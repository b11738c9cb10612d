//! Commits and comparisons.

use serde_json::{Value, json};

use super::call::Call;
use crate::page::Page;
use crate::reply::{Answer, Problem, Reply};
use crate::text::whole_second;

pub(crate) fn list(call: &mut Call<'_>) -> Answer {
    let index = call.repo_index()?;
    let repo = call.repo()?;
    let reference =
        call.request.query_value("sha").filter(|text| !text.is_empty()).unwrap_or(&repo.script.default_branch);
    let head = repo.git.resolve(reference).ok_or_else(Problem::not_found)?;
    let (since, until) = (call.moment("since")?, call.moment("until")?);
    let path = call.request.query_value("path").map(|path| path.trim_matches('/')).filter(|path| !path.is_empty());
    let author = call.request.query_value("author").filter(|author| !author.is_empty());
    let touches = |changed: &str| path.is_none_or(|path| changed == path || changed.starts_with(&format!("{path}/")));
    let found = repo.git.log(&head.sha).filter(|commit| {
        let at = whole_second(commit.at);
        since.is_none_or(|since| at >= since)
            && until.is_none_or(|until| at <= until)
            && (path.is_none() || commit.changes.iter().any(|change| touches(&change.path)))
            && author.is_none_or(|login| call.world.people.get(commit.author).login.eq_ignore_ascii_case(login))
    });
    let view = call.view();
    call.paged(found, |commit| view.commit(index, &commit.sha, false))
}

pub(crate) fn get(call: &mut Call<'_>) -> Answer {
    let reference = call.param("ref");
    let commit = call.repo()?.git.resolve(reference);
    let commit = commit.ok_or_else(|| Problem::new(422, format!("No commit found for SHA: {reference}")))?;
    Ok(Reply::ok(call.view().commit(call.repo_index()?, &commit.sha, true)))
}

/// The most files that a comparison shows.
const MOST_FILES: usize = 300;

pub(crate) fn compare(call: &mut Call<'_>) -> Answer {
    let basehead = call.param("basehead");
    let index = call.repo_index()?;
    let repo = call.repo()?;
    let (base, head) = basehead.split_once("...").ok_or_else(Problem::not_found)?;
    // `owner:branch` names the same repository here: there are no forks.
    let own = |name: &str| name.split_once(':').map_or(name, |(_, name)| name).to_owned();
    let resolve = |name: &str| repo.git.resolve(&own(name)).ok_or_else(Problem::not_found);
    let (base, head) = (resolve(base)?, resolve(head)?);
    let found = repo.git.compare(&base.sha, &head.sha).ok_or_else(Problem::not_found)?;
    let status = match (found.ahead.len(), found.behind) {
        (0, 0) => "identical",
        (_, 0) => "ahead",
        (0, _) => "behind",
        _ => "diverged",
    };
    let page = Page::of(call.request, false)?;
    let view = call.view();
    let (commits, more) = page.cut(found.ahead.iter());
    let commits: Vec<Value> = commits.into_iter().map(|sha| view.commit(index, sha, false)).collect();
    let files: Vec<Value> = found.files.iter().take(MOST_FILES).map(|file| view.file(index, &head.sha, file)).collect();
    let api = format!("{}/repos/{}/compare/{basehead}", call.api, repo.full_name());
    let html = format!("https://github.com/{}/compare/{basehead}", repo.full_name());
    let body = json!({
        "url": api, "html_url": html, "permalink_url": html, "diff_url": format!("{html}.diff"), "patch_url": format!("{html}.patch"),
        "base_commit": view.commit(index, &base.sha, false),
        "merge_base_commit": view.commit(index, &found.merge_base, false),
        "status": status,
        "ahead_by": found.ahead.len(),
        "behind_by": found.behind,
        "total_commits": found.ahead.len(),
        "commits": commits,
        "files": files,
    });
    Ok(Reply::ok(body).header("link", page.link(call.api, call.request, more)))
}
