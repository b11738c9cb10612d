//! The times of `valid-after` and `valid-before`.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::SignersProblemKind;

/// `YYYYMMDDZ`, `YYYYMMDDHHMMZ` or `YYYYMMDDHHMMSSZ`.
pub(super) fn parse(text: &str) -> Result<Timestamp, SignersProblemKind> {
    let Some(digits) = text.strip_suffix('Z') else {
        return Err(match civil(text) {
            Some(_) => SignersProblemKind::LocalTime(text.to_owned()),
            None => SignersProblemKind::Time(text.to_owned()),
        });
    };
    civil(digits)
        .and_then(|time| time.to_zoned(TimeZone::UTC).ok())
        .map(|time| time.timestamp())
        .ok_or_else(|| SignersProblemKind::Time(text.to_owned()))
}

fn civil(digits: &str) -> Option<DateTime> {
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |part| part.parse::<i8>().ok());
    let year = digits[..4].parse::<i16>().ok()?;
    DateTime::new(year, number(4, 6)?, number(6, 8)?, number(8, 10)?, number(10, 12)?, number(12, 14)?, 0).ok()
}
