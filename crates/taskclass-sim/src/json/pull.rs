//! Pull requests, reviews, comments on lines.

use serde_json::{Value, json};

use super::{Object, View, WEB, node_id};
use crate::text::stamp;
use crate::world::RepoIndex;
use crate::world::issues::{Issue, Pull};
use crate::world::repos::Repo;
use crate::world::reviews::{Review, ReviewComment};

impl View<'_> {
    /// A `pull-request` where `whole`, else a `pull-request-simple`. Null for a number that is not there, which no caller
    /// passes.
    pub(crate) fn pull(&self, index: RepoIndex, number: u64, whole: bool) -> Value {
        let repo = &self.world.repos[index];
        let Some((issue, pull)) = repo.pull(number) else { return Value::Null };
        let object = self.pull_object(index, repo, issue, pull);
        if !whole {
            return object.done();
        }
        let found = repo.git.compare(&pull.base_sha, &pull.head_sha);
        let (commits, files) = found.map(|found| (found.ahead.len(), found.files)).unwrap_or_default();
        let known = self.now >= pull.mergeable_from && issue.closed_at.is_none();
        let state = match (known, pull.mergeable, pull.draft) {
            (false, ..) => "unknown",
            (_, false, _) => "dirty",
            (.., true) => "draft",
            _ => "clean",
        };
        object
            .put("merged", pull.merged.is_some())
            .put("mergeable", known.then_some(pull.mergeable))
            .put("rebaseable", known.then_some(pull.mergeable))
            .put("mergeable_state", state)
            .put("merged_by", self.user_or_null(pull.merged.as_ref().map(|merge| merge.by)))
            .put("comments", issue.comments.len())
            .put("review_comments", pull.review_comments.len())
            .put("maintainer_can_modify", false)
            .put("commits", commits)
            .put("additions", files.iter().map(|file| file.additions).sum::<u64>())
            .put("deletions", files.iter().map(|file| file.deletions).sum::<u64>())
            .put("changed_files", files.len())
            .done()
    }

    fn pull_object(&self, index: RepoIndex, repo: &Repo, issue: &Issue, pull: &Pull) -> Object {
        let (name, number) = (repo.full_name(), issue.number);
        let base = format!("{}/repos/{name}", self.api);
        let api = format!("{base}/pulls/{number}");
        let html = format!("{WEB}/{name}/pull/{number}");
        let owner = self.world.people.find_or_copilot(&repo.owner);
        let (owner_object, repo_object) = (self.user(owner), self.repo(index));
        let end = |branch: &str, sha: &str| {
            json!({
                "label": format!("{}:{branch}", repo.owner), "ref": branch, "sha": sha,
                "user": owner_object, "repo": repo_object,
            })
        };
        let link = |href: String| json!({"href": href});
        let links = json!({
            "self": link(api.clone()),
            "html": link(html.clone()),
            "issue": link(format!("{base}/issues/{number}")),
            "comments": link(format!("{base}/issues/{number}/comments")),
            "review_comments": link(format!("{api}/comments")),
            "review_comment": link(format!("{base}/pulls/comments{{/number}}")),
            "commits": link(format!("{api}/commits")),
            "statuses": link(format!("{base}/statuses/{}", pull.head_sha)),
        });
        let teams: Vec<Value> = pull.requested_teams.iter().map(|team| self.team(*team)).collect();
        Object::new()
            .put("id", pull.id)
            .put("node_id", node_id("PR", pull.id))
            .put("number", number)
            .put("html_url", html.as_str())
            .links(&html, &[("diff_url", ".diff"), ("patch_url", ".patch")])
            .links(&api, &[("url", ""), ("commits_url", "/commits"), ("review_comments_url", "/comments")])
            .put("review_comment_url", format!("{base}/pulls/comments{{/number}}"))
            .put("issue_url", format!("{base}/issues/{number}"))
            .put("comments_url", format!("{base}/issues/{number}/comments"))
            .put("statuses_url", format!("{base}/statuses/{}", pull.head_sha))
            .put("state", issue.state())
            .put("locked", false)
            .put("active_lock_reason", Value::Null)
            .put("title", issue.title.as_str())
            .put("body", issue.body.clone())
            .put("user", self.user(issue.author))
            .put("labels", self.labels(index, issue))
            .put("milestone", Value::Null)
            .put("created_at", stamp(issue.created_at))
            .put("updated_at", stamp(issue.updated_at))
            .put("closed_at", issue.closed_at.map(stamp))
            .put("merged_at", pull.merged.as_ref().map(|merge| stamp(merge.at)))
            .put("merge_commit_sha", pull.merged.as_ref().map(|merge| merge.sha.clone()))
            .put("assignee", self.user_or_null(issue.assignees.first().copied()))
            .put("assignees", self.users(&issue.assignees))
            .put("requested_reviewers", self.users(&pull.requested_reviewers))
            .put("requested_teams", teams)
            .put("head", end(&pull.head, &pull.head_sha))
            .put("base", end(&pull.base, &pull.base_sha))
            .put("_links", links)
            .put("author_association", "CONTRIBUTOR")
            .put("auto_merge", Value::Null)
            .put("draft", pull.draft)
    }

    /// A `pull-request-review`.
    pub(crate) fn review(&self, repo: RepoIndex, number: u64, review: &Review) -> Value {
        let name = self.world.repos[repo].full_name();
        let html = format!("{WEB}/{name}/pull/{number}#pullrequestreview-{}", review.id);
        let pull = format!("{}/repos/{name}/pulls/{number}", self.api);
        json!({
            "id": review.id,
            "node_id": node_id("PRR", review.id),
            "user": self.user(review.author),
            "body": review.body,
            "state": review.state,
            "html_url": html,
            "pull_request_url": pull,
            "_links": {"html": {"href": html}, "pull_request": {"href": pull}},
            "submitted_at": stamp(review.at),
            "commit_id": review.commit,
            "author_association": "MEMBER",
        })
    }

    /// A `pull-request-review-comment`.
    pub(crate) fn review_comment(&self, repo: RepoIndex, number: u64, comment: &ReviewComment) -> Value {
        let name = self.world.repos[repo].full_name();
        let html = format!("{WEB}/{name}/pull/{number}#discussion_r{}", comment.id);
        let url = format!("{}/repos/{name}/pulls/comments/{}", self.api, comment.id);
        let pull = format!("{}/repos/{name}/pulls/{number}", self.api);
        Object::new()
            .put("id", comment.id)
            .put("node_id", node_id("PRRC", comment.id))
            .put("url", url.as_str())
            .put("pull_request_review_id", comment.review)
            .put("diff_hunk", "@@ -1,1 +1,1 @@")
            .put("path", comment.path.as_str())
            .put("commit_id", comment.commit.as_str())
            .put("original_commit_id", comment.commit.as_str())
            .put("user", self.user(comment.author))
            .put("body", comment.body.as_str())
            .put("created_at", stamp(comment.at))
            .put("updated_at", stamp(comment.at))
            .put("html_url", html.as_str())
            .put("pull_request_url", pull.as_str())
            .put("author_association", "MEMBER")
            .put("_links", json!({"self": {"href": url}, "html": {"href": html}, "pull_request": {"href": pull}}))
            .done()
    }
}
