//! GitHub's operations: a table of routes, one small file an area.

mod actions;
mod call;
mod commits;
mod contents;
mod issues;
mod people;
mod pulls;
mod repos;
mod statuses;
mod tasks;

pub(crate) use call::Call;

use crate::message::Request;
use crate::reply::{Answer, Problem};
use crate::scenario::Access;
use crate::world::{RepoIndex, World};

type Handler = fn(&mut Call<'_>) -> Answer;

/// One operation.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    /// `{name}` takes one segment, `{name+}` all that is left.
    pattern: &'static str,
    /// GitHub's name for it.
    pub(crate) operation: &'static str,
    /// The permission that a token needs.
    pub(crate) needs: Option<(&'static str, Access)>,
    handler: Handler,
}

impl Route {
    pub(crate) fn is_agent_tasks(&self) -> bool {
        self.operation.starts_with("agent-tasks/")
    }
}

const fn get(pattern: &'static str, operation: &'static str, permission: &'static str, handler: Handler) -> Route {
    Route { method: "GET", pattern, operation, needs: Some((permission, Access::Read)), handler }
}

const fn write(
    method: &'static str,
    pattern: &'static str,
    operation: &'static str,
    permission: &'static str,
    handler: Handler,
) -> Route {
    Route { method, pattern, operation, needs: Some((permission, Access::Write)), handler }
}

const fn free(pattern: &'static str, operation: &'static str, handler: Handler) -> Route {
    Route { method: "GET", pattern, operation, needs: None, handler }
}

/// Every operation that there is.
#[rustfmt::skip]
static ROUTES: [Route; 40] = [
    write("POST", "/agents/repos/{owner}/{repo}/tasks", "agent-tasks/create-task-in-repo", "agent_tasks", tasks::create),
    get("/agents/repos/{owner}/{repo}/tasks", "agent-tasks/list-tasks-for-repo", "agent_tasks", tasks::list_for_repo),
    get("/agents/repos/{owner}/{repo}/tasks/{task_id}", "agent-tasks/get-task-by-repo-and-id", "agent_tasks", tasks::get),
    get("/agents/tasks", "agent-tasks/list-tasks", "agent_tasks", tasks::list),
    get("/agents/tasks/{task_id}", "agent-tasks/get-task-by-id", "agent_tasks", tasks::get),
    free("/user", "users/get-authenticated", people::me),
    free("/rate_limit", "rate-limit/get", people::rate_limit),
    get("/orgs/{org}/repos", "repos/list-for-org", "metadata", repos::list_for_org),
    get("/orgs/{org}/teams/{team_slug}/memberships/{username}", "teams/get-membership-for-user-in-org", "members", people::membership),
    get("/repos/{owner}/{repo}", "repos/get", "metadata", repos::get),
    get("/repos/{owner}/{repo}/branches/{branch+}", "repos/get-branch", "contents", repos::branch),
    get("/repos/{owner}/{repo}/rules/branches/{branch+}", "repos/get-branch-rules", "metadata", repos::branch_rules),
    get("/repos/{owner}/{repo}/copilot/cloud-agent/configuration", "copilot/get-copilot-cloud-agent-configuration", "copilot_agent_settings", repos::agent_configuration),
    get("/repos/{owner}/{repo}/collaborators/{username}/permission", "repos/get-collaborator-permission-level", "metadata", people::permission),
    get("/repos/{owner}/{repo}/contents/{path+}", "repos/get-content", "contents", contents::get),
    get("/repos/{owner}/{repo}/git/ref/{ref+}", "git/get-ref", "contents", contents::reference),
    get("/repos/{owner}/{repo}/git/trees/{tree_sha+}", "git/get-tree", "contents", contents::tree),
    get("/repos/{owner}/{repo}/commits", "repos/list-commits", "contents", commits::list),
    get("/repos/{owner}/{repo}/commits/{ref}", "repos/get-commit", "contents", commits::get),
    get("/repos/{owner}/{repo}/commits/{ref}/check-runs", "checks/list-for-ref", "checks", statuses::check_runs),
    get("/repos/{owner}/{repo}/commits/{ref}/status", "repos/get-combined-status-for-ref", "statuses", statuses::combined),
    get("/repos/{owner}/{repo}/commits/{ref}/statuses", "repos/list-commit-statuses-for-ref", "statuses", statuses::list),
    write("POST", "/repos/{owner}/{repo}/statuses/{sha}", "repos/create-commit-status", "statuses", statuses::create),
    get("/repos/{owner}/{repo}/compare/{basehead+}", "repos/compare-commits-with-basehead", "contents", commits::compare),
    get("/repos/{owner}/{repo}/pulls", "pulls/list", "pull_requests", pulls::list),
    write("POST", "/repos/{owner}/{repo}/pulls", "pulls/create", "pull_requests", pulls::create),
    get("/repos/{owner}/{repo}/pulls/{pull_number}", "pulls/get", "pull_requests", pulls::get),
    write("PATCH", "/repos/{owner}/{repo}/pulls/{pull_number}", "pulls/update", "pull_requests", pulls::update),
    get("/repos/{owner}/{repo}/pulls/{pull_number}/files", "pulls/list-files", "pull_requests", pulls::files),
    get("/repos/{owner}/{repo}/pulls/{pull_number}/reviews", "pulls/list-reviews", "pull_requests", pulls::reviews),
    get("/repos/{owner}/{repo}/pulls/{pull_number}/comments", "pulls/list-review-comments", "pull_requests", pulls::review_comments),
    write("POST", "/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", "pulls/request-reviewers", "pull_requests", pulls::request_reviewers),
    get("/repos/{owner}/{repo}/issues", "issues/list-for-repo", "issues", issues::list),
    write("POST", "/repos/{owner}/{repo}/issues", "issues/create", "issues", issues::create),
    get("/repos/{owner}/{repo}/issues/{issue_number}", "issues/get", "issues", issues::get),
    write("PATCH", "/repos/{owner}/{repo}/issues/{issue_number}", "issues/update", "issues", issues::update),
    write("POST", "/repos/{owner}/{repo}/issues/{issue_number}/comments", "issues/create-comment", "issues", issues::comment),
    write("POST", "/repos/{owner}/{repo}/issues/{issue_number}/labels", "issues/add-labels", "issues", issues::add_labels),
    get("/repos/{owner}/{repo}/actions/runs", "actions/list-workflow-runs-for-repo", "actions", actions::list_runs),
    write("POST", "/repos/{owner}/{repo}/actions/runs/{run_id}/cancel", "actions/cancel-workflow-run", "actions", actions::cancel_run),
];

/// Every operation's id.
pub(crate) fn operations() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().map(|route| route.operation)
}

/// The operation that a request asks for, with its path's parameters and the repository that they name.
pub(crate) struct Found {
    pub(crate) route: &'static Route,
    pub(crate) params: Vec<(&'static str, String)>,
    pub(crate) repo: Option<RepoIndex>,
}

/// Finds a request's operation.
///
/// # Errors
/// 404 for an unknown path, and for a method that a known path does not have, as GitHub does.
pub(crate) fn find(request: &Request, world: &World) -> Result<Found, Problem> {
    let mut segments = request.segments();
    // What a redirect of a renamed repository leads to.
    if segments.first().is_some_and(|first| first == "repositories")
        && let Some(repo) = segments.get(1).and_then(|id| world.repos.iter().find(|repo| repo.id.to_string() == *id))
    {
        let head = ["repos".to_owned(), repo.owner.clone(), repo.name.clone()];
        segments.splice(..2, head);
    }
    for route in ROUTES.iter().filter(|route| route.method == request.method) {
        if let Some(params) = take(route.pattern, &segments) {
            let value = |name: &str| params.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
            let repo = value("owner").zip(value("repo")).and_then(|(owner, name)| world.find_repo(owner, name));
            return Ok(Found { route, params, repo });
        }
    }
    Err(Problem::not_found())
}

/// A pattern's parameters, if the path fits it.
fn take(pattern: &'static str, segments: &[String]) -> Option<Vec<(&'static str, String)>> {
    let mut params = Vec::new();
    let mut rest = segments;
    for part in pattern.split('/').skip(1) {
        let (first, others) = rest.split_first()?;
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            None if part == first => {}
            None => return None,
            Some(name) => match name.strip_suffix('+') {
                Some(name) => {
                    params.push((name, rest.join("/")));
                    return Some(params);
                }
                None if first.is_empty() => return None,
                None => params.push((name, first.clone())),
            },
        }
        rest = others;
    }
    rest.is_empty().then_some(params)
}
