//! What can go wrong in a storm. A seed turns each kind on or off for the whole storm, so that some storms are all of one kind and
//! some have everything.

use jiff::{SignedDuration, Timestamp};

use crate::dice::Dice;

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The process dies before a byte has left.
    DiesBefore,
    /// The process dies after GitHub has done it.
    DiesAfter,
    /// The connection breaks before the request arrives.
    LostBefore,
    /// GitHub does it, and the answer is lost.
    LostAfter,
    /// No byte can be written.
    NotSent,
    /// The answer comes after a long time.
    LateAnswer,
    /// The process is put to sleep before the request leaves.
    LateRequest,
    /// The client has given up; the request arrives minutes later.
    Straggler,
    /// The network delivers the request twice.
    Twice,
    /// A replica answers that is behind.
    Stale,
    /// A list comes back empty.
    Empty,
    /// A list comes back without one of its rows.
    RowMissing,
    /// 5xx, nothing has happened.
    FailsBefore,
    /// 5xx, and it has happened.
    FailsAfter,
    /// A secondary limit that nobody saw coming, with `Retry-After`.
    Limited,
    /// The same without a word of when to come back.
    LimitedSilently,
    /// The hour's budget is used up.
    Spent,
    /// The answer is cut in half.
    Garbled,
    /// Another process takes the journal over while the request is about to leave.
    Takeover,
    /// A new task is in no list for a while.
    Unlisted,
    /// A new task is not found for a while.
    NotFound,
    /// A new task is archived at once.
    Archived,
    /// Another model works than was asked for.
    Substituted,
    /// Cancelling a run is answered with 202, and nothing happens.
    DeafCancel,
}

const TROUBLES: [Trouble; 24] = [
    Trouble::DiesBefore,
    Trouble::DiesAfter,
    Trouble::LostBefore,
    Trouble::LostAfter,
    Trouble::NotSent,
    Trouble::LateAnswer,
    Trouble::LateRequest,
    Trouble::Straggler,
    Trouble::Twice,
    Trouble::Stale,
    Trouble::Empty,
    Trouble::RowMissing,
    Trouble::FailsBefore,
    Trouble::FailsAfter,
    Trouble::Limited,
    Trouble::LimitedSilently,
    Trouble::Spent,
    Trouble::Garbled,
    Trouble::Takeover,
    Trouble::Unlisted,
    Trouble::NotFound,
    Trouble::Archived,
    Trouble::Substituted,
    Trouble::DeafCancel,
];

/// What happens to one write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskTrouble {
    /// The process dies and nothing is written.
    DiesBefore,
    /// The process dies with everything written.
    DiesAfter,
    /// There is no room; nothing is written.
    Full,
}

/// What happens while a process sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SleepTrouble {
    /// It dies.
    Dies,
    /// Somebody ends it.
    Interrupted,
    /// The machine's clock is put forward.
    JumpsForward,
    /// The machine's clock is put back.
    JumpsBack,
    /// A person comes by.
    Person,
    /// Another process takes the journal over.
    Takeover,
}

const SLEEPS: [SleepTrouble; 6] = [
    SleepTrouble::Dies,
    SleepTrouble::Interrupted,
    SleepTrouble::JumpsForward,
    SleepTrouble::JumpsBack,
    SleepTrouble::Person,
    SleepTrouble::Takeover,
];

/// Which requests an outage strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Struck {
    /// All of them.
    All,
    /// Those that change something.
    Changes,
    /// Those that create an issue or a comment.
    Notices,
    /// Those that only read.
    Reads,
}

/// A stretch of time in which a kind of request fails.
#[derive(Debug, Clone, Copy)]
pub struct Outage {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// What it strikes.
    pub struck: Struck,
    /// A 5xx by GitHub, as opposed to no connection.
    pub answers: bool,
}

/// The weather of one storm.
#[derive(Debug)]
pub struct Weather {
    /// Of requests that change something, one in so many meets trouble.
    changes: u64,
    /// Of those that read.
    reads: u64,
    /// Of writes.
    writes: u64,
    /// Of sleeps.
    sleeps: u64,
    requests: Vec<Trouble>,
    disk: Vec<DiskTrouble>,
    sleep: Vec<SleepTrouble>,
    /// The outage, if there is one.
    pub outage: Option<Outage>,
    /// Whether the clock jumps by hours, as opposed to minutes.
    pub far_jumps: bool,
}

impl Weather {
    /// The weather of a seed, over a storm that begins at `start` and lasts so long.
    pub fn new(dice: &Dice, start: Timestamp, lasts: SignedDuration) -> Self {
        let harsh = [3, 5, 8, 12];
        let some = |what: u64| move |dice: &Dice| dice.below(100) < what;
        let keep = *dice.pick(&[25, 50, 50, 80, 100]);
        let mut requests: Vec<_> = TROUBLES.into_iter().filter(|_| some(keep)(dice)).collect();
        // Some storms are of one or two kinds, and strike hard: what many kinds together hide shows there.
        let focused = dice.one_in(3);
        if focused || requests.is_empty() {
            requests = (0..1 + dice.below(2)).map(|_| *dice.pick(&TROUBLES)).collect();
        }
        let disk = [DiskTrouble::DiesBefore, DiskTrouble::DiesAfter, DiskTrouble::Full];
        let outage = dice.one_in(4).then(|| {
            let most = u64::try_from(lasts.as_secs()).unwrap_or(0);
            let from = start + dice.seconds(0, most);
            let struck = *dice.pick(&[Struck::All, Struck::Changes, Struck::Notices, Struck::Reads]);
            Outage { from, until: from + dice.seconds(600, 9000), struck, answers: dice.one_in(2) }
        });
        Self {
            changes: if focused { 2 } else { *dice.pick(&harsh) },
            reads: *dice.pick(&[15, 30, 60, 120]),
            writes: *dice.pick(&[15, 30, 60, 120]),
            sleeps: *dice.pick(&[10, 20, 40, 80]),
            requests,
            disk: disk.into_iter().filter(|_| some(60)(dice)).collect(),
            sleep: SLEEPS.into_iter().filter(|_| some(60)(dice)).collect(),
            outage,
            far_jumps: dice.one_in(5),
        }
    }

    /// An ordinary month: now and then something is lost, a process dies, the clock is set.
    pub fn ordinary() -> Self {
        Self {
            changes: 200,
            reads: 4000,
            writes: 8000,
            sleeps: 8000,
            requests: TROUBLES.to_vec(),
            disk: vec![DiskTrouble::DiesBefore, DiskTrouble::DiesAfter, DiskTrouble::Full],
            sleep: SLEEPS.to_vec(),
            outage: None,
            far_jumps: false,
        }
    }

    /// What happens to a request.
    pub fn of_request(&self, dice: &Dice, changes: bool) -> Option<Trouble> {
        let strikes = dice.one_in(if changes { self.changes } else { self.reads });
        (strikes && !self.requests.is_empty()).then(|| *dice.pick(&self.requests))
    }

    /// What happens to a write.
    pub fn of_write(&self, dice: &Dice) -> Option<DiskTrouble> {
        (dice.one_in(self.writes) && !self.disk.is_empty()).then(|| *dice.pick(&self.disk))
    }

    /// What happens during a sleep.
    pub fn of_sleep(&self, dice: &Dice) -> Option<SleepTrouble> {
        (dice.one_in(self.sleeps) && !self.sleep.is_empty()).then(|| *dice.pick(&self.sleep))
    }
}
