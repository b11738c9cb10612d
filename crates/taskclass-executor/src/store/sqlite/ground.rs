//! What a state file lies on.

use std::path::Path;

/// The kind of network file system that `path`, or else its folder, lies on; `None` for a local one, and where it cannot be told.
///
/// SQLite's write-ahead log lives in memory that processes share, which a network file system cannot give to two machines, and its locks
/// and syncs are only as good as the server's: a state belongs on a local disk.
pub fn network(path: &Path) -> Option<&'static str> {
    kind(path).or_else(|| kind(path.parent().filter(|folder| !folder.as_os_str().is_empty())?))
}

/// By the numbers of statfs(2).
#[cfg(target_os = "linux")]
fn kind(path: &Path) -> Option<&'static str> {
    let number = rustix::fs::statfs(path).ok()?.f_type;
    Some(match i64::try_from(number).ok()? {
        0x6969 => "NFS",
        0xFF53_4D42 | 0xFE53_4D42 | 0x517B => "SMB",
        0x0102_1997 => "9P",
        0x6573_5546 => "FUSE",
        0x00C3_6400 => "Ceph",
        0x5346_414F => "AFS",
        0x0BD0_0BD0 => "Lustre",
        0x4750_4653 => "GPFS",
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
