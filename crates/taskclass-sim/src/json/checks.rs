//! Check runs and statuses.

use serde_json::{Value, json};

use super::{Object, View, WEB, node_id};
use crate::hash::mix;
use crate::text::stamp;
use crate::world::RepoIndex;
use crate::world::checks::{CheckRun, Status};

/// The id of the app whose checks Actions makes.
const ACTIONS_APP: u64 = 15_368;

impl View<'_> {
    /// A `check-run`. One that waits for a person is there at once, completed with `action_required`, as GitHub has it.
    pub(crate) fn check_run(&self, repo: RepoIndex, sha: &str, run: &CheckRun) -> Value {
        let name = self.world.repos[repo].full_name();
        let base = format!("{}/repos/{name}/check-runs/{}", self.api, run.id);
        let html = format!("{WEB}/{name}/runs/{}", run.id);
        let completed = run.completed_at.is_some();
        Object::new()
            .put("id", run.id)
            .put("node_id", node_id("CR", run.id))
            .put("name", run.name.as_str())
            .put("head_sha", sha)
            .put("external_id", "")
            .put("url", base.as_str())
            .put("html_url", html.as_str())
            .put("details_url", html.as_str())
            .put("status", if completed { "completed" } else { "queued" })
            .put("conclusion", completed.then(|| run.conclusion.clone()))
            .put("started_at", stamp(run.created_at))
            .put("completed_at", run.completed_at.map(stamp))
            .put(
                "output",
                json!({
                    "title": null, "summary": null, "text": null,
                    "annotations_count": 0, "annotations_url": format!("{base}/annotations"),
                }),
            )
            .put("check_suite", json!({"id": run.id}))
            .put("app", self.app(&run.app))
            .put("pull_requests", json!([]))
            .done()
    }

    /// An `integration`.
    fn app(&self, slug: &str) -> Value {
        let id = if slug == "github-actions" { ACTIONS_APP } else { 100_000 + mix(0, &[slug]) % 100_000 };
        Object::new()
            .put("id", id)
            .put("slug", slug)
            .put("node_id", node_id("A", id))
            .put("owner", self.user(self.world.people.copilot()))
            .put("name", slug)
            .put("description", Value::Null)
            .put("external_url", format!("{WEB}/apps/{slug}"))
            .put("html_url", format!("{WEB}/apps/{slug}"))
            .put("created_at", "2018-07-30T09:30:17Z")
            .put("updated_at", "2025-01-01T00:00:00Z")
            .put("permissions", json!({"checks": "write", "metadata": "read"}))
            .put("events", json!([]))
            .done()
    }

    /// A `status`: a `simple-commit-status` with its creator.
    pub(crate) fn status(&self, repo: RepoIndex, sha: &str, status: &Status) -> Value {
        let mut shown = self.simple_status(repo, sha, status);
        shown["creator"] = self.user_or_null(status.creator);
        shown
    }

    /// A `simple-commit-status`, which does not say who set it.
    pub(crate) fn simple_status(&self, repo: RepoIndex, sha: &str, status: &Status) -> Value {
        let name = self.world.repos[repo].full_name();
        Object::new()
            .put("id", status.id)
            .put("node_id", node_id("SC", status.id))
            .put("url", format!("{}/repos/{name}/statuses/{sha}", self.api))
            .put("avatar_url", "https://avatars.githubusercontent.com/in/15368?v=4")
            .put("state", status.state.as_str())
            .put("description", status.description.clone())
            .put("target_url", status.target_url.clone())
            .put("context", status.context.as_str())
            .put("created_at", stamp(status.at))
            .put("updated_at", stamp(status.at))
            .done()
    }
}
