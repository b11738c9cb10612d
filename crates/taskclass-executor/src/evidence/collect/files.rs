//! Which files a result touches, and what sort of entries they are: a list of changes tells neither links nor submodules, the commit's
//! tree does.

use std::collections::{BTreeMap, BTreeSet};

use taskclass_github::{CallError, ChangedFile, FileStatus, Pull, TreeEntry};

use super::{PAGES, Reader};
use crate::lifecycle::Task;
use crate::vocab::{Evidence, FileChange, FileKind};

/// GitHub lists at most 3,000 files of a pull request and 300 of a comparison.
const PULL_FILES: usize = 3000;
const COMPARED_FILES: usize = 300;
/// Folders that are looked into one by one where a tree is too large to be listed whole.
const FOLDERS: usize = 50;
/// The blob of an empty file, which has no lines and is no binary file.
const EMPTY_BLOB: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/// Reads the files into the evidence.
pub(super) fn read(
    reader: &mut Reader<'_, '_>,
    task: &Task,
    sha: &str,
    pull: Option<&Pull>,
    evidence: &mut Evidence,
) -> Result<(), CallError> {
    let (github, repo) = (reader.github, reader.repo);
    let (files, limit) = if let Some(pull) = pull {
        let listed = github.list_pull_files(repo, pull.number).and_then(|first| github.collect(first, PAGES + 1));
        (reader.take(listed, "the pull request's files")?.map(|files| files.items), PULL_FILES)
    } else {
        let compared = github.compare(repo, &task.plan.base_ref, sha);
        let compared = reader.take(compared, "the branch compared with its base")?.map(|answer| answer.value.body);
        if compared.as_ref().is_some_and(|compared| compared.files.is_none()) {
            reader.unread.push("the branch compared with its base".to_owned());
        }
        evidence.commits = compared.as_ref().map(|compared| compared.total_commits);
        (compared.and_then(|compared| compared.files), COMPARED_FILES)
    };
    let files = files.unwrap_or_default();
    let counted = pull.and_then(|pull| pull.changed_files).unwrap_or(0);
    evidence.files_cut = files.len() >= limit || counted > files.len() as u64;
    let sorts = if files.is_empty() { BTreeMap::new() } else { sorts(reader, sha, &files)? };
    evidence.files = files.iter().map(|file| change(file, sorts.get(file.filename.as_str()).copied())).collect();
    Ok(())
}

fn change(file: &ChangedFile, sort: Option<FileKind>) -> FileChange {
    let lines = file.additions > 0 || file.deletions > 0;
    let content = matches!(file.status, FileStatus::Added | FileStatus::Removed | FileStatus::Modified);
    let binary = content && !lines && file.sha.as_deref() != Some(EMPTY_BLOB);
    FileChange {
        path: file.filename.clone(),
        previous: file.previous_filename.clone(),
        additions: file.additions,
        deletions: file.deletions,
        sort: match sort {
            Some(FileKind::Plain) | None if binary => FileKind::Binary,
            sort => sort.unwrap_or_default(),
        },
    }
}

fn sort(entry: &TreeEntry) -> FileKind {
    match entry.mode.as_str() {
        "120000" => FileKind::Symlink,
        "160000" => FileKind::Submodule,
        _ => FileKind::Plain,
    }
}

/// What sort of entries the touched paths are at the commit. What was removed is none any more.
fn sorts(
    reader: &mut Reader<'_, '_>,
    sha: &str,
    files: &[ChangedFile],
) -> Result<BTreeMap<String, FileKind>, CallError> {
    let wanted: BTreeSet<&str> =
        files.iter().filter(|file| file.status != FileStatus::Removed).map(|file| file.filename.as_str()).collect();
    let mut found = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    let whole = reader.take(reader.github.get_tree(reader.repo, sha, true), "the commit's tree")?;
    let Some(whole) = whole.map(|answer| answer.value) else { return Ok(found) };
    let mut keep = |prefix: &str, entries: &[TreeEntry]| {
        for entry in entries {
            let path = if prefix.is_empty() { entry.path.clone() } else { format!("{prefix}/{}", entry.path) };
            if wanted.contains(path.as_str()) {
                found.insert(path, sort(entry));
            }
        }
    };
    if !whole.truncated {
        keep("", &whole.tree);
        return Ok(found);
    }
    // Too large to be listed whole: folder by folder, down to what is touched.
    let mut folders = vec![(String::new(), sha.to_owned())];
    let mut looked = 0;
    while let Some((folder, tree)) = folders.pop() {
        looked += 1;
        let listed = reader.take(reader.github.get_tree(reader.repo, &tree, false), "a tree of the commit")?;
        let listed = listed.map(|answer| answer.value).filter(|listed| !listed.truncated);
        let Some(listed) = listed.filter(|_| looked <= FOLDERS) else {
            reader.unread.push("what sort of entries the touched files are: the tree is too large".to_owned());
            break;
        };
        keep(&folder, &listed.tree);
        for entry in listed.tree.iter().filter(|entry| entry.kind == "tree") {
            let path = if folder.is_empty() { entry.path.clone() } else { format!("{folder}/{}", entry.path) };
            let below = format!("{path}/");
            if wanted.range(below.as_str()..).next().is_some_and(|first| first.starts_with(&below)) {
                folders.push((path, entry.sha.clone()));
            }
        }
    }
    Ok(found)
}
