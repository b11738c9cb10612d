//! The journal in one SQLite file: WAL, synchronous=FULL, one writer.
//!
//! Beside the file lie `FILE-wal` and `FILE-shm` while it is used, which are SQLite's, and `FILE.lock`, which says who writes and how
//! far the journal had come: see [`lock`].

mod ground;
mod lock;
mod place;
mod reader;
mod trouble;
mod writer;

pub use ground::network;
pub use lock::is_held;
pub use reader::SqliteReader;
pub use writer::SqliteStore;

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::StoreError;
use trouble::explain;

/// The file format that this version writes (`PRAGMA user_version`). There has been no other. The one that comes after it is reached by a
/// step in [`SqliteStore::open`], in the transaction that takes the lease; until then what is older cannot exist, and what is newer is read.
pub const FORMAT: i64 = 1;
/// `PRAGMA application_id`: "tcls".
const APPLICATION: i64 = 0x7463_6c73;
/// How long a write waits for a reader's checkpoint.
const PATIENCE: Duration = Duration::from_secs(5);

/// `chain` has one row: whose journal it is, under which lease it is written, and where it stands.
const TABLES: &str = "
CREATE TABLE chain (
    one INTEGER PRIMARY KEY CHECK (one = 1), journal TEXT NOT NULL, epoch INTEGER NOT NULL, count INTEGER NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TABLE events (seq INTEGER PRIMARY KEY, line TEXT NOT NULL) STRICT;
CREATE TABLE payloads (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE snapshot (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
INSERT INTO chain VALUES (1, lower(hex(randomblob(16))), 0, 0, printf('%.64d', 0));
";

fn pragma(path: &Path, connection: &Connection, name: &str) -> Result<i64, StoreError> {
    connection.pragma_query_value(None, name, |row| row.get(0)).map_err(|error| explain(path, &error))
}

/// What every connection is told: to wait for another's turn, and to believe nothing that the file says about itself.
fn cautious(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    connection
        .busy_timeout(PATIENCE)
        .and_then(|()| connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"))
        .map_err(|error| explain(path, &error))
}
