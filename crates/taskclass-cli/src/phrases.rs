//! Ages, amounts and steps as people read them: pieces of text, without a place where they are printed.

use jiff::Timestamp;
use taskclass_executor::{
    Standing,
    views::{Actor, StatusRow},
};
use taskclass_source::text::{display_width, visible};
use taskclass_spec::NanoCredits;

/// How long ago, or how long until, in its two largest units: `3d 4h`, `12m 5s`, `0s`.
pub(crate) fn span(from: Timestamp, to: Timestamp) -> String {
    let mut seconds = to.duration_since(from).as_secs().unsigned_abs();
    let mut parts = Vec::new();
    for (unit, size) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
        if seconds >= size && parts.len() < 2 {
            parts.push(format!("{}{unit}", seconds / size));
            seconds %= size;
        } else if !parts.is_empty() {
            break;
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

/// How long until then, in a few words: `in 12s`, or `now`.
pub(crate) fn when(now: Timestamp, at: Timestamp) -> String {
    if at.duration_since(now).as_secs() < 1 { "now".to_owned() } else { format!("in {}", span(now, at)) }
}

/// How long until a clock runs out, or that it has.
pub(crate) fn until(now: Timestamp, at: Timestamp) -> String {
    if at > now { when(now, at) } else { "has run out".to_owned() }
}

/// Bytes as people read them, in the decimal units that disks are sold by.
pub(crate) fn size(bytes: u64) -> String {
    let mut number = bytes as f64;
    let mut unit = "bytes";
    for larger in ["kB", "MB", "GB", "TB"] {
        if number < 1000.0 {
            break;
        }
        number /= 1000.0;
        unit = larger;
    }
    if unit == "bytes" { format!("{bytes} bytes") } else { format!("{number:.1} {unit}") }
}

/// The text, cut with `…` where it is wider than so many columns.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if display_width(text) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        out.push(c);
        if display_width(&out) >= width {
            // The last one gives way to the sign that there is more.
            out.pop();
            break;
        }
    }
    if width > 0 {
        out.push('…')
    }
    out
}

/// What was used of what may be, for a column: `12.4 of 30.0 credits`; where it is not known, what is held.
pub(crate) fn of_budget(row: &StatusRow) -> String {
    let number = |nanos| NanoCredits(nanos).to_string().trim_end_matches(" credits").to_owned();
    match row.nano_credits {
        Some(nanos) => format!("{} of {}", number(nanos), NanoCredits(row.limit_nano_credits)),
        None if row.charged_nano_credits == 0 => "nothing spent".to_owned(),
        None => format!("{} held", NanoCredits(row.charged_nano_credits)),
    }
}

/// What is done next, by whom and when; empty where nothing is.
pub(crate) fn next_step(row: &StatusRow, now: Timestamp) -> String {
    let Some(next) = &row.next_action else { return String::new() };
    let what = one_line(&next.what);
    if let Some(held) = row.held_by.as_ref().filter(|_| next.by == Actor::Taskclass) {
        return format!("held: {}", one_line(held));
    }
    match next.by {
        Actor::Taskclass => match next.at {
            Some(at) if at > now => format!("taskclass is to {what} {}", when(now, at)),
            _ => format!("taskclass is to {what}"),
        },
        Actor::Agent => format!("waits for the agent to {what}"),
        Actor::Person if next.people.is_empty() => format!("waits for a person to {what}"),
        Actor::Person => format!("waits for {} to {what}", visible(&next.people.join(", "))),
    }
}

/// That it is to be stopped, by whom and why, and how far that has come; `None` where nobody asked, or it is over.
pub(crate) fn stop(row: &StatusRow, now: Timestamp) -> Option<String> {
    let stop = row.stop.as_ref()?;
    let why = if stop.reason.is_empty() { String::new() } else { format!(" ({})", one_line(&stop.reason)) };
    let far = match (stop.unconfirmed, stop.asked) {
        (true, _) => "nothing shows that it did",
        (false, Some(_)) => "GitHub took the request",
        (false, None) => "not asked of GitHub yet",
    };
    Some(format!("told to stop by {} {} ago{why}: {far}", visible(&stop.by), span(stop.at, now)))
}

/// What was spent, or that it is not known.
pub(crate) fn spend(row: &StatusRow) -> String {
    match row.nano_credits {
        Some(nanos) => format!("{} ({})", NanoCredits(nanos), NanoCredits(nanos).dollars()),
        None if row.charged_nano_credits == 0 => "nothing".to_owned(),
        None => format!("not known; {} are held", NanoCredits(row.charged_nano_credits)),
    }
}

/// The same for a narrow column of credits and US$: `12.4 (0.12)`, `30.0 held`.
pub(crate) fn spend_in_short(row: &StatusRow) -> String {
    let number = |nanos| NanoCredits(nanos).to_string().trim_end_matches(" credits").to_owned();
    match row.nano_credits {
        Some(nanos) => format!("{} ({})", number(nanos), NanoCredits(nanos).dollars().trim_start_matches("US$")),
        None if row.charged_nano_credits == 0 => "nothing".to_owned(),
        None => format!("{} held", number(row.charged_nano_credits)),
    }
}

/// A text from anywhere, of however many lines, on one.
pub(crate) fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    // What ends with a colon leads to the next.
    visible(&lines.join("; ").replace(":; ", ": ")).into_owned()
}

/// What whoever waits is told of a standing.
pub(crate) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Fine => "fine",
        Standing::UnderWay => "under way",
        Standing::Rejected => "did not end well",
        Standing::NeedsPerson => "needs a person",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_of_several_lines_is_told_on_one() {
        assert_eq!(one_line("not approved\n  needed: 2\r\n\nall\u{1b}"), "not approved; needed: 2; all\\u{1b}");
        assert_eq!(one_line("was not run:\n  input: none\n  model: none"), "was not run: input: none; model: none");
    }

    #[test]
    fn spans_have_two_units_at_most() {
        let at = |seconds: i64| Timestamp::from_second(seconds).unwrap();
        for (seconds, text) in [(0, "0s"), (59, "59s"), (3600, "1h"), (3605, "1h"), (90_061, "1d 1h"), (125, "2m 5s")] {
            assert_eq!(span(at(0), at(seconds)), text);
            assert_eq!(span(at(seconds), at(0)), text);
        }
    }
}
