//! Repositories.

use serde_json::{Value, json};

use super::user::permissions;
use super::{Object, View, WEB, node_id};
use crate::text::stamp;
use crate::world::RepoIndex;

/// Links below a repository's own address.
const LINKS: [(&str, &str); 36] = [
    ("url", ""),
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
];

impl View<'_> {
    /// A `full-repository`, which is a `repository` and a `minimal-repository` too.
    pub(crate) fn repo(&self, index: RepoIndex) -> Value {
        let repo = &self.world.repos[index];
        let script = &repo.script;
        let full_name = repo.full_name();
        let owner = self.world.people.find_or_copilot(&repo.owner);
        let open = repo.issues.values().filter(|issue| issue.closed_at.is_none()).count();
        let viewer = &self.world.people.get(self.viewer).login;
        let counts = [
            "forks_count",
            "stargazers_count",
            "watchers_count",
            "size",
            "forks",
            "watchers",
            "subscribers_count",
            "network_count",
        ];
        let nothing = ["description", "mirror_url", "homepage", "language", "license"];
        let no =
            ["fork", "is_template", "has_pages", "has_discussions", "allow_auto_merge", "web_commit_signoff_required"];
        let yes = [
            "has_projects",
            "has_wiki",
            "has_downloads",
            "allow_rebase_merge",
            "allow_squash_merge",
            "allow_merge_commit",
            "delete_branch_on_merge",
            "allow_forking",
        ];
        let base = format!("{}/repos/{full_name}", self.api);
        Object::new()
            .put("id", repo.id)
            .put("node_id", node_id("R", repo.id))
            .put("name", repo.name.as_str())
            .put("full_name", full_name.as_str())
            .put("owner", self.user(owner))
            .put("private", script.visibility.as_str() != "public")
            .put("visibility", script.visibility.as_str())
            .put("html_url", format!("{WEB}/{full_name}"))
            .links(&base, &LINKS)
            .put("trees_url", format!("{base}/git/trees{{/sha}}"))
            .put("git_url", format!("git://github.com/{full_name}.git"))
            .put("ssh_url", format!("git@github.com:{full_name}.git"))
            .put("clone_url", format!("{WEB}/{full_name}.git"))
            .put("svn_url", format!("{WEB}/{full_name}"))
            .all(&counts, &json!(0))
            .all(&nothing, &Value::Null)
            .all(&no, &json!(false))
            .all(&yes, &json!(true))
            .put("default_branch", script.default_branch.as_str())
            .put("open_issues", open)
            .put("open_issues_count", open)
            .put("topics", json!([]))
            .put("has_issues", script.has_issues)
            .put("archived", script.archived)
            .put("disabled", script.disabled)
            .put("pushed_at", stamp(repo.pushed_at))
            .put("created_at", stamp(repo.created_at))
            .put("updated_at", stamp(repo.pushed_at))
            .put("permissions", permissions(repo.role(viewer)))
            .put("custom_properties", json!({}))
            .done()
    }
}
