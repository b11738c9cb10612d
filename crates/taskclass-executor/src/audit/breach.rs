//! What can be wrong with a log, in words and for programs, and what to do then.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use taskclass_spec::Digest;

/// What is wrong with an audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Breach {
    /// The line is no event.
    #[error("it is not an audit event: {reason}")]
    NotAnEvent {
        /// Why not.
        reason: String,
    },
    /// The line says the same in other bytes.
    #[error("it is not in canonical form (RFC 8785), so it is not what was written")]
    NotCanonical,
    /// The content does not fit the hash.
    #[error(
        "its content does not fit its hash: it was edited. The hash written in it is {found}, that of its content is {expected}"
    )]
    Changed {
        /// The hash of the content.
        expected: String,
        /// The hash that it says.
        found: String,
    },
    /// Events are missing here, or stand further down.
    #[error("{}", gap(*expected, *found, *later))]
    Gap {
        /// The event that was expected.
        expected: u64,
        /// The event that stands here.
        found: u64,
        /// The line at which the expected one stands: then nothing was removed, and the order was changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        later: Option<u64>,
    },
    /// An event that has been there before.
    #[error(
        "event {found} stands here, and event {expected} was expected: it was put in a second time, or moved down to here"
    )]
    Repeated {
        /// The event that was expected.
        expected: u64,
        /// The event that stands here.
        found: u64,
    },
    /// The event does not follow the one before.
    #[error(
        "it does not follow the event before: one of the two was replaced. It follows {found}, and the one before is {expected}"
    )]
    Link {
        /// The hash of the event before.
        expected: String,
        /// The hash that this one says it follows.
        found: String,
    },
    /// What it says cannot have happened after what the log says before.
    #[error(
        "it cannot have happened then: {what}. Its hash fits, so whoever wrote it was not this program, or wrote all behind it anew"
    )]
    Illegal {
        /// What cannot be.
        what: String,
    },
    /// Bytes that the event names by their SHA-256 are others.
    #[error("what it refers to was changed: the bytes kept under {sha256} have another SHA-256")]
    Payload {
        /// The name under which they are kept.
        sha256: Digest,
    },
    /// Bytes that the event names by their SHA-256 are not there, and nothing says that they were cleared away.
    #[error(
        "what it refers to is gone: no bytes are kept under {sha256}, and nothing says that they were cleared away"
    )]
    PayloadGone {
        /// The name under which they were kept.
        sha256: Digest,
    },
    /// It says that something was cleared away, and that cannot be all that is gone, or is more than there was.
    #[error(
        "it says that {found} of what tasks had left was cleared away, and by the log {expected} were there to be: something was taken away \
         beforehand, or put in"
    )]
    OtherwiseCleared {
        /// How many were there to be cleared away.
        expected: u64,
        /// How many it says.
        found: u64,
    },
    /// The log ends too early, or in another event than it should.
    #[error(
        "the log ends with event {found}, and event {expected} is the last that was written: the rest was cut off or replaced"
    )]
    Tail {
        /// The last event that was written.
        expected: u64,
        /// The last event that is there.
        found: u64,
    },
    /// No event has a hash that was noted earlier.
    #[error(
        "no event of the log has the hash {hash}, which was noted earlier: its end was cut off, or it was written anew"
    )]
    NoSuchHead {
        /// The hash.
        hash: String,
    },
    /// An event has another hash than a checkpoint says.
    #[error(
        "the log was written anew: the checkpoint says that event {seq} has the hash {expected}, and here it has {found}"
    )]
    Rewritten {
        /// The event.
        seq: u64,
        /// The hash that the checkpoint says.
        expected: String,
        /// The hash that it has.
        found: String,
    },
    /// The log ends before the event of a checkpoint.
    #[error("the log ends with event {found}, and the checkpoint was made at event {seq}: its end was cut off")]
    CutBeforeCheckpoint {
        /// The checkpoint's event.
        seq: u64,
        /// The last event that is there.
        found: u64,
    },
    /// A part of a log ends before the event of a checkpoint.
    #[error(
        "this part ends with event {found}, and the checkpoint was made at event {seq}: its end was cut off, or it never went so far"
    )]
    PartEndsBeforeCheckpoint {
        /// The checkpoint's event.
        seq: u64,
        /// The last event that is there.
        found: u64,
    },
    /// The log is of another journal than a checkpoint.
    #[error("this is the log of journal {found}, and the checkpoint was made of journal {expected}")]
    OtherJournal {
        /// The checkpoint's.
        expected: String,
        /// The log's.
        found: String,
    },
}

fn gap(expected: u64, found: u64, later: Option<u64>) -> String {
    match later {
        Some(line) => format!(
            "event {found} stands here, and event {expected} was expected, which stands at line {line}: events were reordered"
        ),
        None if found == expected + 1 => {
            format!("event {found} stands here, and event {expected} is missing: it was removed")
        }
        None => {
            format!(
                "event {found} stands here, and the events {expected} to {} are missing: they were removed",
                found - 1
            )
        }
    }
}

/// Only the place of a line.
#[derive(Deserialize)]
struct Placed {
    seq: u64,
}

impl Breach {
    /// Looks at a line further down: an event that is missed above may stand there.
    pub fn look_on(&mut self, at: u64, line: &str) {
        if let Self::Gap { expected, later: later @ None, .. } = self
            && serde_json::from_str::<Placed>(line).is_ok_and(|placed| placed.seq == *expected)
        {
            *later = Some(at);
        }
    }

    /// Whether a look at the lines further down can tell more.
    pub fn wants_more(&self) -> bool {
        matches!(self, Self::Gap { later: None, .. })
    }

    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::OtherJournal { .. } => {
                "take the checkpoint that was made of this journal, or the log that the checkpoint was made of"
            }
            Self::NoSuchHead { .. } | Self::CutBeforeCheckpoint { .. } | Self::Tail { .. } | Self::Rewritten { .. } => {
                "keep the file as it is; a backup or an export that is older than the checkpoint shows what was there; nothing this log says \
                 behind the last event that both have can be relied on"
            }
            Self::PartEndsBeforeCheckpoint { .. } => {
                "take a part that reaches as far as the checkpoint (`taskclass audit export --since SEQ`), or verify the whole log"
            }
            Self::Payload { .. } | Self::PayloadGone { .. } | Self::OtherwiseCleared { .. } => {
                "keep the file as it is; the events themselves hold; take the bytes from a backup, whose SHA-256 shows that they are the right ones"
            }
            Self::Gap { .. } | Self::Repeated { .. } => {
                "keep the file as it is; compare it with a backup or an export from this event on; a copy that was only put together wrongly \
                 verifies once its lines are in order"
            }
            _ => {
                "keep the file as it is; compare this event with a backup or an export; what stands before it holds, what stands behind it \
                 was not looked at"
            }
        }
    }
}

/// A broken log, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Broken {
    /// The line, from 1; one past the last for a cut.
    pub line: u64,
    /// The event's place, as far as it can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// When the event was written down, as it says itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub at: Option<Timestamp>,
    /// What is wrong there.
    pub breach: Breach,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the audit log is broken at line {}", self.line)?;
        match (self.seq, self.at) {
            (Some(seq), Some(at)) => write!(f, ": event {seq} of {}", at.strftime("%Y-%m-%d %H:%M:%S UTC"))?,
            (Some(seq), None) => write!(f, ": event {seq}")?,
            (None, _) => {}
        }
        write!(f, ": {}", self.breach)
    }
}

impl std::error::Error for Broken {}
