//! How long something lasts yet: one way of saying it wherever approvals are spoken of.

use jiff::Timestamp;

use crate::phrases;

/// How long something lasts yet: whole days, the one that has begun counted, or closer where it is two or less.
pub(crate) fn left(now: Timestamp, until: Timestamp) -> String {
    match days(now, until) {
        days @ 3.. => format!("{days} days"),
        _ => phrases::span(now, until),
    }
}

/// Whole days until then, the one that has begun counted.
pub(crate) fn days(now: Timestamp, until: Timestamp) -> i64 {
    const DAY: i64 = 86_400;
    (until.duration_since(now).as_secs() + DAY - 1).div_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_counted_in_days_until_it_is_little() {
        let at = |seconds: i64| Timestamp::from_second(seconds).unwrap();
        for (seconds, text) in
            [(864_000, "10 days"), (863_999, "10 days"), (172_801, "3 days"), (172_800, "2d"), (60, "1m")]
        {
            assert_eq!(left(at(0), at(seconds)), text);
        }
    }
}
