//! The bytes are an approval or a revocation record.

use taskclass_spec::record::{self, MAX_BYTES, Record};
use taskclass_spec::written::{ApprovalRecord, RevocationRecord};

use crate::hold;

pub(super) const WORDS: &[&str] = &[
    "{",
    "}",
    "\"schema\":\"approval/v1\"",
    "\"schema\":\"revocation/v1\"",
    "\"kind\":\"task-class\"",
    "\"kind\":\"policy\"",
    "\"name\":\"policy\"",
    "\"version\":3",
    "\"digest\":\"sha256:",
    "\"risk\":\"low\"",
    "\"principal\":\"alice@acme.com\"",
    "\"note\":\"",
    "\"reason\":\"",
    "\"revokes\":\"all\"",
    "\"revokes\":{\"key\":\"SHA256:",
    "\"revokes\":{\"digest\":\"sha256:",
    "\\u0041",
    "\\n",
    "\\ud83d\\ude00",
    "\u{202e}",
    "\u{200b}",
    "1e0",
    "-0",
    "1.0",
    "null",
    " ",
    "\n",
    ",",
    "2026-11-21T10:00:00Z",
    "2026-11-21T10:00:00.5Z",
    "+00:00",
    "[[[[[[[[",
];

pub(super) fn check(bytes: &[u8]) {
    let approval = one::<ApprovalRecord>(bytes);
    let revocation = one::<RevocationRecord>(bytes);
    assert!(!(approval && revocation), "one file is an approval and a revocation");
}

/// What is accepted has one form: written again it is the same, and nothing can be added to it.
fn one<R: Record>(bytes: &[u8]) -> bool {
    match record::parse::<R>(bytes) {
        Ok(read) => {
            assert!(bytes.len() <= MAX_BYTES);
            assert_eq!(record::canonical(&read).as_deref(), Ok(bytes), "it is written as it was read");
            for other in [
                [bytes, b"\n"].concat(),
                [b" ", bytes].concat(),
                [bytes, bytes].concat(),
                [b"\xef\xbb\xbf", bytes].concat(),
            ] {
                assert!(record::parse::<R>(&other).is_err(), "another text of the same record");
            }
            true
        }
        Err(error) => {
            hold::shows_all(&error.to_string(), "a record's error");
            assert!(error.to_string().chars().count() < 2000, "an error as long as the record");
            false
        }
    }
}
