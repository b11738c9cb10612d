//! Taking turns: between two looks the journal is given up, so that a person's commands and other processes get through.

use jiff::{SignedDuration, Timestamp};

use crate::book::BookError;
use crate::clock::{Clock as _, Wake};
use crate::context::Context;
use crate::error::ExecError;
use crate::event::Body;
use crate::lifecycle::clocks;
use crate::store::StoreError;
use crate::vocab::{Key, State};

/// How long another process may hold the journal before waiting for it is given up.
const TURN: SignedDuration = SignedDuration::from_mins(2);
/// How long to wait before asking for it again.
const BRIEFLY: SignedDuration = SignedDuration::from_millis(50);

/// What was being sent when a process ended is unknown from now on.
pub(crate) fn lost_on_the_way(context: &mut Context<'_>) -> Result<(), ExecError> {
    let sending = context.book.ledger().active().filter(|task| task.state == State::Sending);
    let sending: Vec<Key> = sending.map(|task| task.key.clone()).collect();
    for key in sending {
        let reason = "the process ended between writing the request down and reading its answer".to_owned();
        context.say(&key, Body::Unknown { reason })?;
    }
    Ok(())
}

/// Sleeps with the journal given up, so that a person's commands get through, and takes it up again.
pub(crate) fn until(context: &mut Context<'_>, moment: Timestamp) -> Result<(), ExecError> {
    let now = context.now();
    context.book.keep_snapshot(now)?;
    context.book.rest();
    if context.clock.sleep_until(moment) == Wake::Interrupted {
        return Err(ExecError::Interrupted);
    }
    let give_up = clocks::later(context.now(), TURN);
    loop {
        match context.book.resume() {
            Ok(()) => {
                // The others' clock is this machine's, and may have been another's.
                context.clock.goes_on_from(context.book.ledger().latest);
                return lost_on_the_way(context);
            }
            Err(BookError::Store(StoreError::Busy { .. })) if context.now() < give_up => {
                if context.clock.sleep_until(clocks::later(context.now(), BRIEFLY)) == Wake::Interrupted {
                    return Err(ExecError::Interrupted);
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
}
