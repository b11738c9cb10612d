//! Timing: two sides take turns, the least of each counts.

use std::time::{Duration, Instant};

/// Tries are repeated until they took this long together.
const ENOUGH: Duration = Duration::from_secs(6);
const FEWEST: usize = 5;
const MOST: usize = 60;

/// The least time of each of several works that take turns.
pub(super) fn turns<const N: usize>(
    mut works: [&mut dyn FnMut() -> Result<(), String>; N],
) -> Result<[Duration; N], String> {
    let mut least = [Duration::MAX; N];
    let mut spent = Duration::ZERO;
    for round in 0..MOST {
        if round >= FEWEST && spent > ENOUGH {
            break;
        }
        for (work, least) in works.iter_mut().zip(&mut least) {
            let start = Instant::now();
            work()?;
            let took = start.elapsed();
            *least = took.min(*least);
            spent += took;
        }
    }
    Ok(least)
}

/// `1.82`: how many times `unit` is in `time`.
pub(super) fn ratio(time: Duration, unit: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() / unit.as_secs_f64())
}

/// `12.3 ms`, in the unit that fits.
pub(super) fn shown(time: Duration) -> String {
    format!("{time:.1?}")
}

/// `2,350`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
