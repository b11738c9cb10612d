//! What a state file lies on.

use std::path::Path;

/// The kind of network file system that `path`, or else its folder, lies on; `None` for a local one, and where it cannot be told.
///
/// SQLite's write-ahead log lives in memory that processes share, which a network file system cannot give to two machines, and its locks
/// and syncs are only as good as the server's: a state belongs on a local disk.
pub fn network(path: &Path) -> Option<&'static str> {
    kind(path).or_else(|| kind(path.parent().filter(|folder| !folder.as_os_str().is_empty())?))
}

/// By the numbers of statfs(2), which have another type on each kind of machine and the same digits on all.
#[cfg(target_os = "linux")]
fn kind(path: &Path) -> Option<&'static str> {
    Some(match format!("{:x}", rustix::fs::statfs(path).ok()?.f_type).as_str() {
        "6969" => "NFS",
        "ff534d42" | "fe534d42" | "517b" => "SMB",
        "1021997" => "9P",
        "65735546" => "FUSE",
        "c36400" => "Ceph",
        "5346414f" => "AFS",
        "bd00bd0" => "Lustre",
        "47504653" => "GPFS",
        _ => return None,
    })
}

#[cfg(not(target_os = "linux"))]
fn kind(_: &Path) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_folder_is_local_and_what_is_not_there_is_not_known() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(network(&dir.path().join("state.db")), None);
        assert_eq!(network(Path::new("/nowhere/at/all")), None);
    }
}
