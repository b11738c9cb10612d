use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn change(path: &str, status: &str, additions: u64, deletions: u64) -> FileChange {
    FileChange {
        path: path.to_owned(),
        previous: None,
        status: status.to_owned(),
        entry: EntryKind::File,
        additions,
        deletions,
    }
}

struct Fixture {
    git: Git,
    ids: Ids,
}

impl Fixture {
    fn new() -> Self {
        let ids = Ids::new(1);
        let files = [("a".to_owned(), "one\n".to_owned())].into_iter().collect();
        Self { git: Git::new("o/r", &files, &["main"], at(0), &ids), ids }
    }

    fn commit(&mut self, parents: &[&str], changes: Vec<FileChange>) -> String {
        let parents = parents.iter().map(|sha| (*sha).to_owned()).collect();
        let new = NewCommit { parents, message: "m", author: 0, at: at(1), changes };
        self.git.commit("o/r", new, &self.ids)
    }

    fn root(&self) -> String {
        self.git.branch("main").unwrap().to_owned()
    }
}

#[test]
fn compare_counts_both_sides() {
    let mut world = Fixture::new();
    let root = world.root();
    let side = world.commit(&[&root], vec![change("b", "added", 2, 0)]);
    let side2 = world.commit(&[&side], vec![change("b", "modified", 1, 1), change("a", "modified", 1, 0)]);
    let main = world.commit(&[&root], vec![change("c", "added", 1, 0)]);
    let found = world.git.compare(&main, &side2).unwrap();
    assert_eq!((found.merge_base.as_str(), found.behind), (root.as_str(), 1));
    assert_eq!(found.ahead, [side, side2.clone()]);
    assert_eq!(found.files, [change("a", "modified", 1, 0), change("b", "added", 3, 1)]);
    let same = world.git.compare(&side2, &side2).unwrap();
    assert!(same.ahead.is_empty() && same.behind == 0 && same.files.is_empty() && same.merge_base == side2);
}

#[test]
fn a_merged_branch_is_behind_only() {
    let mut world = Fixture::new();
    let root = world.root();
    let side = world.commit(&[&root], vec![change("b", "added", 2, 0)]);
    let merge = world.commit(&[&root, &side], vec![change("b", "added", 2, 0)]);
    let more = world.commit(&[&merge], vec![]);
    let found = world.git.compare(&more, &side).unwrap();
    assert_eq!((found.merge_base, found.ahead.len(), found.behind), (side.clone(), 0, 2));
    let found = world.git.compare(&root, &more).unwrap();
    let log: Vec<&str> = world.git.log(&more).map(|commit| commit.sha.as_str()).collect();
    assert_eq!(log, [&more, &merge, &side, &root]);
    assert_eq!((found.ahead.len(), found.behind), (3, 0));
    assert_eq!(found.files, [change("b", "added", 2, 0)]);
}

#[test]
fn trees_follow_changes() {
    let mut world = Fixture::new();
    let root = world.root();
    let second = world.commit(&[&root], vec![change("b", "added", 1, 0), change("a", "removed", 0, 1)]);
    let paths: Vec<String> = world.git.tree_at(&second, &world.ids).into_keys().collect();
    assert_eq!(paths, ["b"]);
    assert!(world.git.exists_at(&root, "a") && !world.git.exists_at(&second, "a"));
    assert_eq!(world.git.change(&second, &FileScript::new("b", 1, 1)).status, "modified");
    assert_eq!(world.git.change(&second, &FileScript::new("a", 1, 0)).status, "added");
}

#[test]
fn references_resolve() {
    let world = Fixture::new();
    let root = world.root();
    for reference in ["main", "heads/main", "refs/heads/main", root.as_str(), &root[..10]] {
        assert_eq!(world.git.resolve(reference).unwrap().sha, root, "{reference}");
    }
    assert!(world.git.resolve("nothing").is_none());
    assert!(world.git.resolve("abcdef0").is_none());
}
