//! Waiting for something to come true, with one generous deadline for all tests instead of guesses about speed.

use std::time::{Duration, Instant};

/// Far longer than anything here takes on a slow, busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(120);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Looks until `look` finds something, or until it has taken too long.
pub(crate) fn patiently<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    while begun.elapsed() < DEADLINE {
        let found = look();
        if found.is_some() {
            return found;
        }
        std::thread::sleep(PAUSE);
    }
    None
}

/// Looks until `look` finds something.
#[track_caller]
pub(crate) fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    patiently(look).unwrap_or_else(|| panic!("still waiting after {DEADLINE:?} for: {what}"))
}
