//! Tasks as people read them: facts, a verdict, a story line by line.

use jiff::Timestamp;
use taskclass_executor::{
    Ledger,
    views::{Line, StatusRow},
    vocab::{Judgement, State},
};
use taskclass_source::text::visible;
use taskclass_spec::NanoCredits;

use crate::{
    phrases::{self, next_step, one_line, span, spend, until},
    ui::{Tone, Ui},
};

/// The present, as the journal knows it: on the simulator's clock it lies ahead of this machine's.
pub(crate) fn present(ledger: &Ledger) -> Timestamp {
    ledger.tasks.values().map(|task| task.since).fold(Timestamp::now(), Timestamp::max)
}

/// The facts of a task, one a line, and how its result was judged.
pub(crate) fn facts(row: &StatusRow, judgement: Option<&Judgement>, now: Timestamp, ui: &mut Ui) {
    let state = ui.paint(&row.state, Tone::of(&row.state));
    let mut lines = vec![
        ("task", row.key.to_string()),
        ("class", format!("{} version {}", row.class, row.version)),
        ("repository", row.repository.clone()),
        ("state", format!("{state} for {}", span(row.since, now))),
    ];
    lines.extend(row.end_reason.as_ref().map(|reason| ("because", one_line(reason))));
    lines.extend(row.held_by.as_ref().map(|held| ("held by", one_line(held))));
    lines.extend(phrases::stop(row, now).map(|stop| ("stop", stop)));
    let broken =
        row.break_glass.iter().map(|broken| ("break-glass", ui.paint(visible(&broken.to_string()), Tone::Attention)));
    lines.extend(broken);
    lines.push(("spend", format!("{}, of {} at most", spend(row), NanoCredits(row.limit_nano_credits))));
    lines.extend(row.task_url.as_ref().map(|url| ("at GitHub", visible(url).into_owned())));
    lines.extend(row.pull_request_url.as_ref().map(|url| ("pull request", visible(url).into_owned())));
    if let Some(next) = row.next_clock.as_ref().filter(|_| !row.done) {
        lines.push(("next clock", format!("{} {}", next.clock, until(now, next.at))));
    }
    let next = next_step(row, now);
    if !next.is_empty() && row.held_by.is_none() {
        lines.push(("next", next));
    }
    for (name, value) in lines {
        ui.fact(name, &value);
    }
    if let Some(judgement) = judgement {
        verdict(judgement, ui);
    }
}

/// A verdict, and each of its reasons.
pub(crate) fn verdict(judgement: &Judgement, ui: &mut Ui) {
    let word = ui.paint(judgement.verdict, Tone::of(&State::Judged(judgement.verdict)));
    ui.fact("verdict", &word);
    for reason in &judgement.reasons {
        ui.led(&format!("{:<12}  - ", ""), &visible(&reason.to_string()));
    }
    for flag in &judgement.flags {
        ui.led(&format!("{:<12}  - ", ""), &visible(&flag.to_string()));
    }
}

/// A story: each line with its time of day and the age since the line before, each day (UTC) under its date. What was begun is not
/// told where it was done right away.
pub(crate) fn story(lines: &[Line], ui: &mut Ui) {
    let mut before: Option<Timestamp> = None;
    for (index, line) in lines.iter().enumerate() {
        let done = lines.get(index + 1).is_some_and(|next| next.kind == "acted" && next.at == line.at);
        if line.kind == "acting" && done {
            continue;
        }
        let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
        if before.is_none_or(|before| day(before) != day(line.at)) {
            ui.line(ui.paint(format!("{} UTC", day(line.at)), Tone::Dim));
        }
        let age = before.map_or_else(String::new, |before| format!("+{}", span(before, line.at)));
        let lead = ui.paint(format!("{}  {age:>8}", line.at.strftime("%H:%M:%S")), Tone::Dim);
        ui.led(&format!("{lead}  "), &happened(&line.what, line.to.as_ref(), ui));
        before = Some(line.at);
    }
}

/// What happened, and the state after it.
pub(crate) fn happened(what: &str, to: Option<&State>, ui: &Ui) -> String {
    let to = to.map(|state| format!("  {}", ui.paint(format!("→ {state}"), Tone::of(state))));
    format!("{}{}", one_line(what), to.unwrap_or_default())
}
