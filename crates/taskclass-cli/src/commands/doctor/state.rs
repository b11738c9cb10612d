//! The file that holds the journal: whether it can be read, and whether a run could write it. It is not written here.

use std::{fs, path::Path};

use jiff::Timestamp;
use taskclass_executor::{
    Ledger, SqliteReader, StoreError,
    event::Replayed,
    store::{FORMAT, Journal, is_held, network},
};

use super::report::{Area, Check};
use crate::{machine::Settings, phrases};

const AREA: Area = Area::State;

/// What was found, and everything that is known from it; nothing where it cannot be read.
pub(super) fn look(settings: &Settings, now: Timestamp) -> (Vec<Check>, Option<Ledger>) {
    let path = &settings.state;
    let journal = match SqliteReader::open(path) {
        Err(StoreError::Missing { .. }) => return (vec![to_be_made(path)], Some(Ledger::default())),
        Err(error) => return (vec![Check::bad(AREA, "file", error.to_string())], None),
        Ok(journal) => journal,
    };
    let mut checks = vec![file(path), lock(path)];
    match journal.format() {
        Ok(FORMAT) => {}
        Ok(found) => checks.push(
            Check::bad(AREA, "format", format!("it has format {found}, and this version writes format {FORMAT}"))
                .because("it can be read, and is never written")
                .fix("use the taskclass that wrote it, or a newer one"),
        ),
        Err(error) => checks.push(Check::bad(AREA, "format", error.to_string())),
    }
    let (check, ledger) = chain(&journal, now);
    checks.push(check);
    if let Some(stopped) = ledger.as_ref().and_then(|ledger| ledger.stopped.as_ref()) {
        let says = format!("new submissions were stopped by {} at {}: {}", stopped.by, stopped.at, stopped.reason);
        checks.push(Check::warn(AREA, "stopped", says).fix("`taskclass start` lifts it"));
    }
    (checks, ledger)
}

/// Every event from the first on: whoever goes on from a snapshot does not look at what stands before it.
fn chain(journal: &SqliteReader, now: Timestamp) -> (Check, Option<Ledger>) {
    match Ledger::replayed(journal) {
        Ok(ledger) => (events(journal, &ledger, now), Some(ledger)),
        Err(error) => {
            let check = Check::bad(AREA, "journal", error.to_string()).fix(
                "keep a copy of the file and restore the last backup without the `-wal`, `-shm` and `.lock` that lie beside it; `taskclass \
                 audit verify` says where it breaks",
            );
            (check, None)
        }
    }
}

/// The first run makes it, if it may.
fn to_be_made(path: &Path) -> Check {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() && !metadata.permissions().readonly() => {
            Check::ok(AREA, "file", format!("{} is not there yet: the first run makes it", path.display()))
        }
        Ok(metadata) if metadata.is_dir() => {
            Check::bad(AREA, "file", format!("{} is not there, and its folder cannot be written", path.display()))
                .fix("give this user the right to write the folder, or let `state` point elsewhere")
        }
        _ => Check::bad(AREA, "file", format!("{} is not there, and neither is its folder", path.display())).fix(
            format!("mkdir -p {}, or let `state` point elsewhere", crate::way::word(&folder.display().to_string())),
        ),
    }
}

fn file(path: &Path) -> Check {
    let Ok(metadata) = fs::metadata(path) else {
        return Check::bad(AREA, "file", format!("{} cannot be looked at", path.display()));
    };
    let says = format!("{}, {}", path.display(), phrases::size(metadata.len()));
    if metadata.permissions().readonly() {
        return Check::bad(AREA, "file", format!("{says}, cannot be written"))
            .fix("give this user the right to write it");
    }
    if let Some(kind) = network(path) {
        return Check::warn(AREA, "file", format!("{says}, on a network file system ({kind})"))
            .because("its locks and syncs are only as good as the server's, and its write-ahead log is for one machine")
            .fix("let `state` point to a local disk; `taskclass state backup` copies what is there");
    }
    if others_may_read(&metadata) {
        return Check::warn(AREA, "file", format!("{says}, can be read by others"))
            .because("it holds prompts and inputs")
            .fix(format!("chmod 600 {}", crate::way::word(&path.display().to_string())));
    }
    Check::ok(AREA, "file", says)
}

fn lock(path: &Path) -> Check {
    match is_held(path) {
        Ok(false) => Check::ok(AREA, "lock", "no other process holds it"),
        Ok(true) => Check::ok(AREA, "lock", "another taskclass holds it and is at work; a run waits for its turn"),
        Err(error) => Check::bad(AREA, "lock", error.to_string()),
    }
}

fn events(journal: &SqliteReader, ledger: &Ledger, now: Timestamp) -> Check {
    let count = ledger.head.count;
    let mut last = None;
    // It was read a moment ago; what fails now is only not told.
    let _ = journal.lines(count.saturating_sub(1), &mut |line| {
        last = serde_json::from_str::<Replayed<'_>>(line).ok().map(|event| event.observed);
        true
    });
    let ago = last.map(|at| format!(", the last {} ago", phrases::span(at, now))).unwrap_or_default();
    Check::ok(AREA, "journal", format!("{count} events, an unbroken chain{ago}"))
}

#[cfg(unix)]
fn others_may_read(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn others_may_read(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use taskclass_executor::{SqliteStore, book::Book, event::Body};

    use super::*;
    use crate::commands::doctor::report::Level;

    #[test]
    fn an_event_behind_a_snapshot_is_looked_at_as_well() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let now = "2026-11-21T20:00:00Z".parse().unwrap();
        let mut book = Book::open(Box::new(SqliteStore::open(&path).unwrap()), now).unwrap();
        for nth in 0..120 {
            let body = Body::Stopped { by: "alice".to_owned(), reason: format!("reason-{nth:03}") };
            book.commit(vec![book.plain(now, body)], Vec::new()).unwrap();
        }
        book.keep_snapshot(now).unwrap();
        drop(book);
        let (sound, ledger) = chain(&SqliteReader::open(&path).unwrap(), now);
        assert!(sound.level == Level::Ok && sound.says.contains("an unbroken chain"), "{sound:?}");
        assert!(ledger.unwrap().snapshot > 100);

        let mut bytes = fs::read(&path).unwrap();
        let (old, new) = (b"reason-007", b"another-07");
        // Pages that are free again hold it as well.
        let places: Vec<usize> = (0..bytes.len() - old.len()).filter(|at| bytes[*at..].starts_with(old)).collect();
        for at in places {
            bytes[at..at + new.len()].copy_from_slice(new);
        }
        fs::write(&path, bytes).unwrap();
        let reader = SqliteReader::open(&path).unwrap();
        assert!(Ledger::load(&reader).is_ok(), "whoever opens it goes on from the snapshot");
        let (edited, ledger) = chain(&reader, now);
        assert!(
            edited.level == Level::Bad && edited.says.contains("corrupt at event 9") && ledger.is_none(),
            "{edited:?}"
        );
    }
}
