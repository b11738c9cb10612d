//! Workflow runs.

use serde_json::{Value, json};

use super::{Object, View, WEB, node_id};
use crate::text::stamp;
use crate::world::RepoIndex;
use crate::world::runs::{AGENT_PATH, Run};

impl View<'_> {
    /// A `workflow-run`. Its `pull_requests` is empty, as it often is: runs are found by their branch.
    pub(crate) fn run(&self, index: RepoIndex, run: &Run) -> Value {
        let repo = &self.world.repos[index];
        let name = repo.full_name();
        let base = format!("{}/repos/{name}/actions/runs/{}", self.api, run.id);
        let workflow = if run.path == AGENT_PATH { 190_000_001 } else { 190_000_002 };
        let actor = self.user(run.actor);
        let repo_object = self.repo(index);
        let head = repo.git.commit_of(&run.head_sha).map(|commit| {
            let author = self.world.people.get(commit.author);
            let person = json!({"name": author.login, "email": author.email()});
            json!({
                "id": commit.sha, "tree_id": commit.tree, "message": commit.message, "timestamp": stamp(commit.at),
                "author": person, "committer": person,
            })
        });
        Object::new()
            .put("id", run.id)
            .put("node_id", node_id("WFR", run.id))
            .put("name", if run.path == AGENT_PATH { "Copilot cloud agent" } else { "Copilot code review" })
            .put("display_title", run.title.as_str())
            .put("check_suite_id", run.id)
            .put("check_suite_node_id", node_id("CS", run.id))
            .put("head_branch", run.head_branch.as_str())
            .put("head_sha", run.head_sha.as_str())
            .put("path", run.path)
            .put("run_number", run.number)
            .put("run_attempt", 1)
            .put("event", "dynamic")
            .put("status", run.status())
            .put("conclusion", run.conclusion)
            .put("workflow_id", workflow)
            .put("workflow_url", format!("{}/repos/{name}/actions/workflows/{workflow}", self.api))
            .put("check_suite_url", format!("{}/repos/{name}/check-suites/{}", self.api, run.id))
            .links(
                &base,
                &[
                    ("url", ""),
                    ("jobs_url", "/jobs"),
                    ("logs_url", "/logs"),
                    ("artifacts_url", "/artifacts"),
                    ("cancel_url", "/cancel"),
                    ("rerun_url", "/rerun"),
                ],
            )
            .put("html_url", format!("{WEB}/{name}/actions/runs/{}", run.id))
            .put("pull_requests", json!([]))
            .put("created_at", stamp(run.created_at))
            .put("updated_at", stamp(run.updated_at))
            .put("run_started_at", stamp(run.created_at))
            .put("actor", actor.clone())
            .put("triggering_actor", actor)
            .put("previous_attempt_url", Value::Null)
            .put("head_commit", head)
            .put("repository", repo_object.clone())
            .put("head_repository", repo_object)
            .done()
    }
}
