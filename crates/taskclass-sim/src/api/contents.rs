//! Files, trees and refs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::call::Call;
use crate::json::base64;
use crate::reply::{Answer, Problem, Reply};

pub(crate) fn get(call: &mut Call<'_>) -> Answer {
    let repo = call.repo()?;
    let reference =
        call.request.query_value("ref").filter(|text| !text.is_empty()).unwrap_or(&repo.script.default_branch);
    let commit = repo.git.resolve(reference);
    let commit = commit.ok_or_else(|| Problem::new(404, format!("No commit found for the ref {reference}")))?;
    let tree = repo.git.tree_at(&commit.sha, &call.world.ids);
    let path = call.param("path").trim_matches('/');
    let entry = |kind: &str, path: &str, sha: &str, size: usize| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let url = format!("{}/repos/{}/contents/{path}?ref={reference}", call.api, repo.full_name());
        let html = format!("https://github.com/{}/blob/{reference}/{path}", repo.full_name());
        let git = format!("{}/repos/{}/git/blobs/{sha}", call.api, repo.full_name());
        json!({
            "type": kind, "size": size, "name": name, "path": path, "sha": sha, "url": url, "git_url": git, "html_url": html,
            "download_url": null, "_links": {"self": url, "git": git, "html": html},
        })
    };
    if let Some(sha) = tree.get(path) {
        let text = repo.git.text_at(&commit.sha, path);
        let mut file = entry("file", path, sha, text.len());
        file["encoding"] = "base64".into();
        file["content"] = base64(text.as_bytes()).into();
        return Ok(Reply::ok(file));
    }
    let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
    let mut entries: BTreeMap<String, Value> = BTreeMap::new();
    for (full, sha) in tree.range(prefix.clone()..).take_while(|(full, _)| full.starts_with(&prefix)) {
        let below = &full[prefix.len()..];
        let (name, kind) = below.split_once('/').map_or((below, "file"), |(name, _)| (name, "dir"));
        let size = if kind == "file" { repo.git.text_at(&commit.sha, full).len() } else { 0 };
        entries.entry(name.to_owned()).or_insert_with(|| entry(kind, &format!("{prefix}{name}"), sha, size));
    }
    if entries.is_empty() {
        return Err(Problem::not_found());
    }
    Ok(Reply::ok(entries.into_values().collect::<Vec<_>>().into()))
}

pub(crate) fn reference(call: &mut Call<'_>) -> Answer {
    let name = call.param("ref");
    let repo = call.repo()?;
    let branch = name.strip_prefix("heads/").and_then(|branch| repo.git.branch(branch));
    let sha = branch.ok_or_else(Problem::not_found)?;
    let base = format!("{}/repos/{}/git", call.api, repo.full_name());
    Ok(Reply::ok(json!({
        "ref": format!("refs/{name}"),
        "node_id": crate::json::node_id("REF", repo.id),
        "url": format!("{base}/refs/{name}"),
        "object": {"type": "commit", "sha": sha, "url": format!("{base}/commits/{sha}")},
    })))
}

pub(crate) fn tree(call: &mut Call<'_>) -> Answer {
    let repo = call.repo()?;
    let name = call.param("tree_sha");
    let commit = repo.git.resolve(name).or_else(|| repo.git.with_tree(name)).ok_or_else(Problem::not_found)?;
    // GitHub looks at whether the parameter is there, whatever it says.
    let recursive = call.request.query_value("recursive").is_some();
    let base = format!("{}/repos/{}/git", call.api, repo.full_name());
    let blobs = repo.git.tree_at(&commit.sha, &call.world.ids);
    let mut entries: BTreeMap<String, Value> = BTreeMap::new();
    for (path, sha) in &blobs {
        for (at, _) in path.match_indices('/') {
            let folder = &path[..at];
            if recursive || !folder.contains('/') {
                let sha = call.world.ids.sha(&["tree", folder, &commit.tree]);
                let url = format!("{base}/trees/{sha}");
                entries.entry(folder.to_owned()).or_insert_with(
                    || json!({"path": folder, "mode": "040000", "type": "tree", "sha": sha, "url": url}),
                );
            }
        }
        if recursive || !path.contains('/') {
            let (size, url) = (repo.git.text_at(&commit.sha, path).len(), format!("{base}/blobs/{sha}"));
            let (mode, kind) = repo.git.entry_at(&commit.sha, path).mode();
            let blob = json!({"path": path, "mode": mode, "type": kind, "sha": sha, "size": size, "url": url});
            entries.insert(path.clone(), blob);
        }
    }
    Ok(Reply::ok(json!({
        "sha": commit.tree,
        "url": format!("{base}/trees/{}", commit.tree),
        "truncated": false,
        "tree": entries.into_values().collect::<Vec<_>>(),
    })))
}
