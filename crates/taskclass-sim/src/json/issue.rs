//! Issues, labels, comments.

use serde_json::{Value, json};

use super::{Object, View, WEB, node_id};
use crate::hash::mix;
use crate::text::{encode_percent, stamp};
use crate::world::RepoIndex;
use crate::world::issues::{Comment, Issue};

impl View<'_> {
    /// An `issue`; a pull request shows as one too, with a member that says so.
    pub(crate) fn issue(&self, repo: RepoIndex, issue: &Issue) -> Value {
        let name = self.world.repos[repo].full_name();
        let base = format!("{}/repos/{name}", self.api);
        let kind = if issue.pull.is_some() { "pull" } else { "issues" };
        let html = format!("{WEB}/{name}/{kind}/{}", issue.number);
        let object = Object::new()
            .put("id", issue.id)
            .put("node_id", node_id("I", issue.id))
            .put("number", issue.number)
            .links(
                &format!("{base}/issues/{}", issue.number),
                &[
                    ("url", ""),
                    ("labels_url", "/labels{/name}"),
                    ("comments_url", "/comments"),
                    ("events_url", "/events"),
                    ("timeline_url", "/timeline"),
                ],
            )
            .put("repository_url", base.as_str())
            .put("html_url", html.as_str())
            .put("state", issue.state())
            .put("state_reason", issue.state_reason.clone())
            .put("title", issue.title.as_str())
            .put("body", issue.body.clone())
            .put("user", self.user(issue.author))
            .put("labels", self.labels(repo, issue))
            .put("assignee", self.user_or_null(issue.assignees.first().copied()))
            .put("assignees", self.users(&issue.assignees))
            .put("milestone", Value::Null)
            .put("locked", false)
            .put("active_lock_reason", Value::Null)
            .put("comments", issue.comments.len())
            .put("closed_at", issue.closed_at.map(stamp))
            .put("created_at", stamp(issue.created_at))
            .put("updated_at", stamp(issue.updated_at))
            .put("author_association", "MEMBER");
        let Some(pull) = &issue.pull else { return object.done() };
        let link = json!({
            "url": format!("{base}/pulls/{}", issue.number),
            "html_url": html,
            "diff_url": format!("{html}.diff"),
            "patch_url": format!("{html}.patch"),
            "merged_at": pull.merged.as_ref().map(|merge| stamp(merge.at)),
        });
        object.put("draft", pull.draft).put("pull_request", link).done()
    }

    pub(crate) fn labels(&self, repo: RepoIndex, issue: &Issue) -> Value {
        issue.labels.iter().map(|name| self.label(repo, name)).collect()
    }

    /// A `label`. GitHub makes one that is not there yet.
    pub(crate) fn label(&self, repo: RepoIndex, name: &str) -> Value {
        let repository = &self.world.repos[repo];
        let id = 5_000_000_000 + mix(repository.id, &[name]) % 1_000_000_000;
        json!({
            "id": id,
            "node_id": node_id("LA", id),
            "url": format!("{}/repos/{}/labels/{}", self.api, repository.full_name(), encode_percent(name)),
            "name": name,
            "description": "",
            "color": "ededed",
            "default": false,
        })
    }

    /// An `issue-comment`.
    pub(crate) fn comment(&self, repo: RepoIndex, number: u64, comment: &Comment) -> Value {
        let name = self.world.repos[repo].full_name();
        let base = format!("{}/repos/{name}/issues", self.api);
        Object::new()
            .put("id", comment.id)
            .put("node_id", node_id("IC", comment.id))
            .put("url", format!("{base}/comments/{}", comment.id))
            .put("html_url", format!("{WEB}/{name}/issues/{number}#issuecomment-{}", comment.id))
            .put("issue_url", format!("{base}/{number}"))
            .put("body", comment.body.as_str())
            .put("user", self.user(comment.author))
            .put("created_at", stamp(comment.at))
            .put("updated_at", stamp(comment.at))
            .put("author_association", "MEMBER")
            .done()
    }
}
