#![allow(clippy::disallowed_methods, reason = "the work tree under test has to be made")]
use super::*;

fn path(text: &str) -> RegistryPath {
    RegistryPath::new(text).unwrap()
}

#[test]
fn a_path_cannot_leave_the_registry() {
    for text in
        ["/etc/passwd", "../x", "a/../b", "a/./b", "a//b", "a/", "a\\b", "a\0b", "a\nb", "C:/x", "..", ".", "\u{85}"]
    {
        assert!(RegistryPath::new(text).is_err(), "{text:?}");
    }
    for text in ["", "a", "task-classes/x.yaml", "a b/é", "...", ".github/x", "..a"] {
        assert!(RegistryPath::new(text).is_ok(), "{text:?}");
    }
    assert!(RegistryPath::new("x".repeat(1025)).is_err());
    assert!(path("a").join("../b").is_err());
    assert!(serde_json::from_str::<RegistryPath>("\"../a\"").is_err());
}

#[test]
fn a_path_has_the_parts_of_a_path() {
    let file = path("task-classes/prompts/a.b.md");
    assert_eq!(file.file_name(), Some("a.b.md"));
    assert_eq!(file.file_stem(), Some("a.b"));
    assert_eq!(file.extension(), Some("md"));
    assert_eq!(file.parent(), Some(path("task-classes/prompts")));
    assert_eq!(path("a").parent(), Some(RegistryPath::root()));
    assert_eq!(RegistryPath::root().parent(), None);
    assert_eq!(RegistryPath::root().file_name(), None);
    assert_eq!(path(".hidden").file_stem(), Some(".hidden"));
    assert_eq!(path(".hidden").extension(), None);
    assert!(file.is_within(&path("task-classes")));
    assert!(!path("task-classes2/a").is_within(&path("task-classes")));
    assert_eq!(RegistryPath::root().join("a").unwrap().join("").unwrap(), path("a"));
}

#[test]
fn memory_hides_what_is_below() {
    let below = InMemory::new().with(path("d/a"), "old").with(path("d/b"), "b").with(path("e"), "e");
    let mut files = InMemory::over(below).with(path("d/a"), "new").with(path("d/sub/c"), "c");
    files.remove(path("d/b"));
    assert_eq!(files.read(&path("d/a")).unwrap().unwrap(), b"new");
    assert_eq!(files.read(&path("d/b")).unwrap(), None);
    assert_eq!(files.read(&path("e")).unwrap().unwrap(), b"e");
    assert_eq!(files.list(&path("d")).unwrap(), [path("d/a"), path("d/sub/c")]);
    files.reset(&path("d/b"));
    assert_eq!(files.list(&RegistryPath::root()).unwrap().len(), 4);
}

#[test]
fn a_work_tree_reads_and_lists_its_files() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("d/sub")).unwrap();
    std::fs::create_dir_all(folder.path().join(".git")).unwrap();
    for name in ["d/b", "d/a", "d/sub/c", "e", ".git/config"] {
        std::fs::write(folder.path().join(name), name).unwrap();
    }
    let tree = WorkTree::open(folder.path()).unwrap();
    assert_eq!(tree.read(&path("d/a")).unwrap().unwrap(), b"d/a");
    assert_eq!(tree.read(&path("d/none")).unwrap(), None);
    assert_eq!(tree.read(&path("e/none")).unwrap(), None);
    assert_eq!(tree.list(&path("d")).unwrap(), [path("d/a"), path("d/b"), path("d/sub/c")]);
    assert_eq!(tree.list(&RegistryPath::root()).unwrap().len(), 4);
    assert_eq!(tree.list(&path("none")).unwrap(), []);
    assert!(matches!(tree.read(&path("d")), Err(ReadError::WrongKind { .. })));
    assert!(matches!(tree.list(&path("e")), Err(ReadError::WrongKind { .. })));
    assert!(matches!(WorkTree::open(folder.path().join("none")), Err(ReadError::Io { .. })));
    assert!(matches!(WorkTree::open(folder.path().join("e")), Err(ReadError::WrongKind { .. })));
}

#[test]
fn a_file_beyond_the_bound_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("big")).unwrap();
    file.set_len(MAX_READ_BYTES + 1).unwrap();
    let tree = WorkTree::open(folder.path()).unwrap();
    assert!(matches!(tree.read(&path("big")), Err(ReadError::TooLarge { .. })));
    file.set_len(MAX_READ_BYTES).unwrap();
    assert_eq!(tree.read(&path("big")).unwrap().unwrap().len() as u64, MAX_READ_BYTES);
}

#[cfg(unix)]
#[test]
fn links_and_special_files_are_refused_wherever_they_stand() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret"), "secret").unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("real"), "real").unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("dir")).unwrap();
    std::os::unix::fs::symlink("real", folder.path().join("near")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("dangling")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
    let tree = WorkTree::open(folder.path()).unwrap();
    for name in ["dir/secret", "near", "dangling"] {
        let error = tree.read(&path(name)).unwrap_err();
        assert!(matches!(error, ReadError::SymbolicLink { .. }), "{name}: {error}");
    }
    assert!(matches!(tree.read(&path("socket")), Err(ReadError::WrongKind { .. })));
    assert!(matches!(tree.list(&path("dir")), Err(ReadError::SymbolicLink { .. })));
    let listed = tree.list(&RegistryPath::root()).unwrap();
    assert_eq!(listed, [path("dangling"), path("dir"), path("near"), path("real"), path("socket")]);
    // The root itself may be reached through a link.
    let link = outside.path().join("registry");
    std::os::unix::fs::symlink(folder.path(), &link).unwrap();
    assert_eq!(WorkTree::open(&link).unwrap().read(&path("real")).unwrap().unwrap(), b"real");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_no_registry_can_have_is_said() {
    use std::os::unix::ffi::OsStrExt;
    for name in [&b"a\xff"[..], b"a\nb", b"a\\b"] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), "").unwrap();
        let error = WorkTree::open(folder.path()).unwrap().list(&RegistryPath::root()).unwrap_err();
        assert!(matches!(error, ReadError::BadName { .. }), "{error}");
        assert!(!error.to_string().contains('\n'));
    }
}

#[test]
fn what_is_read_is_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<&dyn Files>();
    shared::<WorkTree>();
    shared::<InMemory<WorkTree>>();
    shared::<std::sync::Arc<crate::SourceFile>>();
    shared::<crate::yaml::Parsed>();
}
