//! Commits and changed files.

use serde_json::{Value, json};

use super::{Object, View, WEB, node_id};
use crate::text::{encode_percent, stamp};
use crate::world::RepoIndex;
use crate::world::git::FileChange;

impl View<'_> {
    /// A `commit`; with its files where `whole`. Null for a SHA that is not there, which no caller passes.
    pub(crate) fn commit(&self, repo: RepoIndex, sha: &str, whole: bool) -> Value {
        let repository = &self.world.repos[repo];
        let Some(commit) = repository.git.commit_of(sha) else { return Value::Null };
        let name = repository.full_name();
        let base = format!("{}/repos/{name}", self.api);
        let author = self.world.people.get(commit.author);
        let person = json!({"name": author.login, "email": author.email(), "date": stamp(commit.at)});
        let parents: Vec<Value> = commit
            .parents
            .iter()
            .map(|sha| json!({"sha": sha, "url": format!("{base}/commits/{sha}"), "html_url": format!("{WEB}/{name}/commit/{sha}")}))
            .collect();
        let git = json!({
            "url": format!("{base}/git/commits/{sha}"),
            "author": person,
            "committer": person,
            "message": commit.message,
            "comment_count": 0,
            "tree": {"sha": commit.tree, "url": format!("{base}/git/trees/{}", commit.tree)},
            "verification": {"verified": true, "reason": "valid", "payload": null, "signature": null, "verified_at": stamp(commit.at)},
        });
        let object = Object::new()
            .put("sha", sha)
            .put("node_id", node_id("C", repository.id))
            .put("url", format!("{base}/commits/{sha}"))
            .put("html_url", format!("{WEB}/{name}/commit/{sha}"))
            .put("comments_url", format!("{base}/commits/{sha}/comments"))
            .put("commit", git)
            .put("author", self.user(commit.author))
            .put("committer", self.user(commit.author))
            .put("parents", parents);
        if !whole {
            return object.done();
        }
        let sum = |count: fn(&FileChange) -> u64| commit.changes.iter().map(count).sum::<u64>();
        let (additions, deletions) = (sum(|file| file.additions), sum(|file| file.deletions));
        let files: Vec<Value> = commit.changes.iter().map(|file| self.file(repo, sha, file)).collect();
        object
            .put("stats", json!({"additions": additions, "deletions": deletions, "total": additions + deletions}))
            .put("files", files)
            .done()
    }

    /// A `diff-entry`.
    pub(crate) fn file(&self, repo: RepoIndex, sha: &str, file: &FileChange) -> Value {
        let name = self.world.repos[repo].full_name();
        let path = file.path.split('/').map(encode_percent).collect::<Vec<_>>().join("/");
        let object = Object::new()
            .put("sha", self.world.ids.sha(&["blob", &file.path, sha]))
            .put("filename", file.path.as_str())
            .put("status", file.status.as_str())
            .put("additions", file.additions)
            .put("deletions", file.deletions)
            .put("changes", file.additions + file.deletions)
            .put("blob_url", format!("{WEB}/{name}/blob/{sha}/{path}"))
            .put("raw_url", format!("{WEB}/{name}/raw/{sha}/{path}"))
            .put("contents_url", format!("{}/repos/{name}/contents/{path}?ref={sha}", self.api))
            .put("patch", patch(file));
        match &file.previous {
            Some(previous) => object.put("previous_filename", previous.as_str()).done(),
            None => object.done(),
        }
    }
}

/// A patch of the right size. GitHub leaves out what is too long; so does this.
fn patch(file: &FileChange) -> String {
    let (removed, added) = (file.deletions.min(200), file.additions.min(200));
    let mut text = format!("@@ -1,{removed} +1,{added} @@");
    (0..removed).for_each(|line| text.push_str(&format!("\n-old line {line}")));
    (0..added).for_each(|line| text.push_str(&format!("\n+new line {line}")));
    text
}
