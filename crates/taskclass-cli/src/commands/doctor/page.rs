//! The report for people: a line a check under its heading, and what to do first.

use taskclass_source::text::visible;

use super::report::{Check, Level, Report};
use crate::ui::{Tone, Ui};

pub(super) fn print(report: &Report, ui: &mut Ui) {
    let mut area = None;
    for check in &report.checks {
        if area != Some(check.area) {
            if area.is_some() {
                ui.line("");
            }
            let title = ui.paint(check.area.title(), Tone::Strong);
            ui.line(title);
            area = Some(check.area);
        }
        line(check, ui);
    }
    ui.note("");
    let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let all = count(report.checks.len(), "check", "checks");
    let summary = match (report.bad, report.warnings) {
        (0, 0) => format!("{} {all}", ui.paint_err("healthy:", Tone::Good)),
        (0, warnings) => {
            let word = ui.paint_err("healthy:", Tone::Good);
            format!("{word} {all}, {} to look at", count(warnings, "warning", "warnings"))
        }
        (bad, warnings) => {
            let word = ui.paint_err("not healthy:", Tone::Bad);
            format!("{word} {bad} of {all} bad, {}", count(warnings, "warning", "warnings"))
        }
    };
    ui.note(summary);
    // A clock is set in passing; what else is bad takes somebody's time.
    let rank = |check: &&Check| (check.level != Level::Bad, check.name == "github.clock");
    let amiss = report.checks.iter().filter(|check| matches!(check.level, Level::Bad | Level::Warn));
    let first = amiss.filter(|check| check.fix.is_some()).min_by_key(rank);
    if let Some(fix) = first.and_then(|check| check.fix.as_deref()) {
        let next = ui.paint_err("Next:", Tone::Strong);
        ui.note_led(&format!("{next} "), &visible(fix));
    }
}

fn line(check: &Check, ui: &mut Ui) {
    let tone = match check.level {
        Level::Ok => Tone::Good,
        Level::Skipped => Tone::Dim,
        Level::Warn => Tone::Attention,
        Level::Bad => Tone::Bad,
    };
    let word = ui.paint(format!("{:<4}", check.level.word()), tone);
    let mut says = visible(&check.says).into_owned();
    if check.level == Level::Skipped {
        says = ui.paint(says, Tone::Dim);
    }
    ui.led(&format!("  {word}  "), &says);
    for (name, text) in [("why", &check.why), ("fix", &check.fix)] {
        let Some(text) = text else { continue };
        let name = ui.paint(format!("{name}: "), Tone::Dim);
        ui.led(&format!("        {name}"), &visible(text));
    }
}
