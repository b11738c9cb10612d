//! Tasks as people read them: ages, amounts, states in their tone, a story line by line.

use jiff::Timestamp;
use taskclass_executor::{
    Ledger, Standing,
    views::{Line, StatusRow},
    vocab::{AgentState, State, Verdict},
};
use taskclass_source::text::visible;
use taskclass_spec::NanoCredits;

use crate::ui::{Tone, Ui};

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

/// The present, as the journal knows it: on the simulator's clock it lies ahead of this machine's.
pub(crate) fn present(ledger: &Ledger) -> Timestamp {
    ledger.tasks.values().map(|task| task.since).fold(Timestamp::now(), Timestamp::max)
}

/// What was spent, or that it is not known.
pub(crate) fn spend(row: &StatusRow) -> String {
    match row.nano_credits {
        Some(nanos) => format!("{} ({})", NanoCredits(nanos), NanoCredits(nanos).dollars()),
        None if row.charged_nano_credits == 0 => "nothing".to_owned(),
        None => format!("not known; {} are held", NanoCredits(row.charged_nano_credits)),
    }
}

/// The tone of a state.
pub(crate) fn tone(state: &State) -> Tone {
    match state {
        State::Judged(Verdict::Accepted) | State::Merged => Tone::Good,
        State::Judged(Verdict::Rejected) | State::Refused | State::Reverted => Tone::Bad,
        State::Judged(Verdict::Inconclusive) | State::Unknown | State::Unresolved => Tone::Attention,
        State::Task(AgentState::Failed | AgentState::TimedOut) => Tone::Bad,
        State::Task(agent) if agent.waits() => Tone::Attention,
        _ => Tone::Strong,
    }
}

/// The facts of a task, one a line.
pub(crate) fn facts(row: &StatusRow, now: Timestamp, ui: &mut Ui) {
    let state = ui.paint(&row.state, tone(&row.state));
    let mut lines = vec![
        ("task", row.key.to_string()),
        ("class", format!("{} version {}", row.class, row.version)),
        ("repository", row.repository.clone()),
        ("state", format!("{state} for {}", span(row.since, now))),
    ];
    lines.extend(row.end_reason.as_ref().map(|reason| ("because", visible(reason).into_owned())));
    lines.extend(row.held_by.as_ref().map(|held| ("held by", visible(held).into_owned())));
    let broken =
        row.break_glass.iter().map(|broken| ("break-glass", ui.paint(visible(&broken.to_string()), Tone::Attention)));
    lines.extend(broken);
    lines.push(("spend", spend(row)));
    lines.extend(row.task_url.as_ref().map(|url| ("at GitHub", visible(url).into_owned())));
    lines.extend(row.pull_request_url.as_ref().map(|url| ("pull request", visible(url).into_owned())));
    if let Some(next) = &row.next_clock {
        lines.push(("next clock", format!("{} in {}", next.clock, span(now, next.at))));
    }
    for (name, value) in lines {
        let name = ui.paint(format!("{name:<12}"), Tone::Dim);
        ui.line(format!("{name}  {value}"));
    }
}

/// A story, with ages since its beginning.
pub(crate) fn story(lines: &[Line], ui: &mut Ui) {
    let Some(first) = lines.first() else { return };
    for line in lines {
        let age = ui.paint(format!("{:>9}", format!("+{}", span(first.at, line.at))), Tone::Dim);
        let to = line
            .to
            .as_ref()
            .map(|state| format!("  {}", ui.paint(format!("→ {state}"), tone(state))))
            .unwrap_or_default();
        ui.line(format!("{age}  {}{to}", visible(&line.what)));
    }
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
    fn spans_have_two_units_at_most() {
        let at = |seconds: i64| Timestamp::from_second(seconds).unwrap();
        for (seconds, text) in [(0, "0s"), (59, "59s"), (3600, "1h"), (3605, "1h"), (90_061, "1d 1h"), (125, "2m 5s")] {
            assert_eq!(span(at(0), at(seconds)), text);
            assert_eq!(span(at(seconds), at(0)), text);
        }
    }
}
