//! What is shown on a terminal while tasks are waited for: a line a task, drawn anew every second below whatever else is printed. Rows are
//! a function of the ledger, lines of the rows, the time and the terminal's width.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use jiff::{SignedDuration, Timestamp};
use taskclass_executor::views::StatusRow;
use taskclass_source::text::{display_width, visible};

use super::{
    Tone,
    lines::{columns, padded},
    painted,
};
use crate::phrases;

/// How often it is drawn. Ages are in seconds.
const EVERY: Duration = Duration::from_secs(1);
/// What is assumed of a terminal that does not tell its size.
const SIZE: (usize, usize) = (80, 24);
/// Lines that are left to what is printed above.
const ABOVE: usize = 4;
/// The least and the most that is left to what is done next before anything else gets room.
const LEAST: usize = 24;
const MOST: usize = 48;
/// A look that is as near as that is not worth a word: where one comes a second it would stand there for ever.
const SOON: i64 = 2;
/// What parts two columns.
const GAP: usize = 2;

/// What the program does meanwhile.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Doing {
    Waiting,
    #[default]
    Watching,
}

/// What there is to show.
#[derive(Default)]
pub(crate) struct Shown {
    pub(crate) rows: Vec<StatusRow>,
    /// When something is due next.
    pub(crate) next: Option<Timestamp>,
    /// Why GitHub cannot be read.
    pub(crate) trouble: Option<String>,
    /// Tasks that have no row.
    pub(crate) more: usize,
    /// What Ctrl-C ends.
    pub(crate) doing: Doing,
}

/// What is shown, and how far the executor's time is ahead of this machine's.
type Kept = (Shown, SignedDuration);

/// The lines below all other output.
#[derive(Clone)]
pub(crate) struct Live {
    bar: ProgressBar,
    shown: Arc<Mutex<Kept>>,
}

impl Live {
    pub(super) fn new(color: bool) -> Self {
        let shown = Arc::new(Mutex::new(Kept::default()));
        let seen = Arc::clone(&shown);
        let write = move |_: &ProgressState, out: &mut dyn fmt::Write| {
            let shown = seen.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Timestamp::now().checked_add(shown.1).unwrap_or(Timestamp::MAX);
            // What cannot be written is drawn a second later.
            let _ = out.write_str(&lines(&shown.0, now, size(), color).join("\n"));
        };
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        if let Ok(style) = ProgressStyle::with_template("{tasks}") {
            bar.set_style(style.with_key("tasks", write));
        }
        bar.enable_steady_tick(EVERY);
        Self { bar, shown }
    }

    /// Shows these, as of `now` by the executor's clock.
    pub(crate) fn show(&self, shown: Shown, now: Timestamp) {
        let ahead = now.duration_since(Timestamp::now());
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = (shown, ahead);
        self.bar.tick();
    }

    /// Does something while nothing is drawn.
    pub(super) fn aside<R>(&self, write: impl FnOnce() -> R) -> R {
        self.bar.suspend(write)
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// The terminal's columns and lines, as they are now: it may have been resized.
fn size() -> (usize, usize) {
    let size = terminal_size::terminal_size_of(std::io::stderr());
    size.map_or(SIZE, |(width, height)| (usize::from(width.0), usize::from(height.0)))
}

/// A task's columns, without paint.
struct Cells {
    key: String,
    place: String,
    state: String,
    age: String,
    clock: String,
    spend: String,
    next: String,
}

fn cells(row: &StatusRow, now: Timestamp) -> Cells {
    let clock = row.next_clock.as_ref().map(|next| format!("{} {}", next.clock, phrases::until(now, next.at)));
    Cells {
        key: row.key.short().to_owned(),
        place: visible(&format!("{} on {}", row.class, row.repository)).into_owned(),
        state: visible(&row.state.to_string()).into_owned(),
        age: phrases::span(row.since, now),
        clock: clock.unwrap_or_default(),
        spend: phrases::of_budget(row),
        next: phrases::next_step(row, now),
    }
}

/// Everything that is shown, in lines that are narrower than the terminal, so that none is broken.
fn lines(shown: &Shown, now: Timestamp, (width, height): (usize, usize), color: bool) -> Vec<String> {
    let width = width.saturating_sub(1);
    let room = height.saturating_sub(ABOVE).max(1);
    let rows: Vec<Cells> = shown.rows.iter().take(room).map(|row| cells(row, now)).collect();
    let widest = |cell: fn(&Cells) -> &String| rows.iter().map(|row| display_width(cell(row))).max().unwrap_or(0);
    let (key, state, age) = (widest(|row| &row.key), widest(|row| &row.state), widest(|row| &row.age));
    let (place, clock, spend) = (widest(|row| &row.place), widest(|row| &row.clock), widest(|row| &row.spend));
    // What is least missed where there is no room for it comes last.
    let next = widest(|row| &row.next).clamp(LEAST, MOST);
    let mut left = width.saturating_sub(key + state + age + next + 3 * GAP);
    let mut fits = |wide: usize| {
        let fits = wide > 0 && wide + GAP <= left;
        left -= if fits { wide + GAP } else { 0 };
        fits
    };
    let (with_clock, with_place, with_spend) = (fits(clock), fits(place), fits(spend));
    let gap = " ".repeat(GAP);
    let mut out: Vec<String> = Vec::new();
    for (row, of) in rows.iter().zip(&shown.rows) {
        let mut parts = vec![painted(padded(&row.key, key), Tone::Strong, color)];
        parts.extend(with_place.then(|| padded(&row.place, place)));
        parts.push(painted(padded(&row.state, state), Tone::of(&of.state), color));
        parts.push(format!("{:>age$}", row.age));
        parts.extend(with_clock.then(|| padded(&row.clock, clock)));
        parts.extend(with_spend.then(|| padded(&row.spend, spend)));
        let line = parts.join(&gap);
        let left = width.saturating_sub(columns(&line) + GAP);
        let next = phrases::cut(&row.next, left);
        out.push(format!("{line}{gap}{}", painted(next, Tone::Dim, color)).trim_end().to_owned());
    }
    let more = shown.more + shown.rows.len() - rows.len();
    let more = (more > 0).then(|| format!("{more} more · "));
    let looks = match (&shown.trouble, shown.next) {
        (Some(trouble), Some(at)) => {
            format!("GitHub is asked again {}: {} · ", phrases::when(now, at), phrases::one_line(trouble))
        }
        (None, Some(at)) if at.duration_since(now).as_secs() < SOON => String::new(),
        (None, Some(at)) => format!("next look {} · ", phrases::when(now, at)),
        _ => "looking · ".to_owned(),
    };
    let ends = match (shown.doing, shown.rows.len()) {
        (Doing::Waiting, 0 | 1) => "the waiting, not the task",
        (Doing::Waiting, _) => "the waiting, not the tasks",
        (Doing::Watching, _) => "the watching, not the tasks",
    };
    let last = format!("{}{looks}Ctrl-C ends {ends}", more.unwrap_or_default());
    let fit: Vec<String> = out.into_iter().filter(|line| columns(line) <= width).collect();
    let tone = if shown.trouble.is_some() { Tone::Attention } else { Tone::Dim };
    fit.into_iter().chain([painted(phrases::cut(&last, width), tone, color)]).collect()
}

#[cfg(test)]
mod tests {
    use taskclass_executor::{
        Standing,
        views::{Actor, NextAction, TaskClocks},
        vocab::{AgentState, ClockName, Key, RunId, State},
    };

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn row(key: char, state: AgentState, what: &str) -> StatusRow {
        StatusRow {
            run: "run-aaaaaaaaaa".parse::<RunId>().unwrap(),
            key: key.to_string().repeat(26).parse::<Key>().unwrap(),
            class: "dependency-bump".to_owned(),
            version: 3,
            repository: "acme/svc-orders".to_owned(),
            state: State::Task(state),
            since: at(0),
            standing: Standing::UnderWay,
            held_by: None,
            stop: None,
            nano_credits: Some(12_400_000_000),
            charged_nano_credits: 40_000_000_000,
            limit_nano_credits: 40_000_000_000,
            verdict: None,
            task_url: None,
            pull_request_url: None,
            next_clock: Some(TaskClocks { clock: ClockName::Stale, at: at(1200) }),
            next_action: Some(NextAction { by: Actor::Agent, what: what.to_owned(), at: None, people: Vec::new() }),
            done: false,
            planned: at(0),
            end_reason: None,
            break_glass: Vec::new(),
        }
    }

    fn shown(rows: Vec<StatusRow>) -> Shown {
        Shown { rows, next: Some(at(272)), ..Shown::default() }
    }

    #[test]
    fn what_is_least_missed_gives_way_first() {
        let two =
            shown(vec![row('a', AgentState::InProgress, "finish its work"), row('b', AgentState::Queued, "begin")]);
        let at_width = |width| lines(&two, at(252), (width, 24), false).join("\n");
        assert_eq!(
            at_width(140),
            "aaaaaaaa  dependency-bump on acme/svc-orders  task.in_progress  4m 12s  stale in 15m 48s  waits for the agent to finish its work\n\
             bbbbbbbb  dependency-bump on acme/svc-orders  task.queued       4m 12s  stale in 15m 48s  waits for the agent to begin\n\
             next look in 20s · Ctrl-C ends the watching, not the tasks"
        );
        assert_eq!(
            at_width(80),
            "aaaaaaaa  task.in_progress  4m 12s  waits for the agent to finish its work\n\
             bbbbbbbb  task.queued       4m 12s  waits for the agent to begin\n\
             next look in 20s · Ctrl-C ends the watching, not the tasks"
        );
        assert_eq!(
            at_width(60),
            "aaaaaaaa  task.in_progress  4m 12s  waits for the agent to…\n\
             bbbbbbbb  task.queued       4m 12s  waits for the agent to…\n\
             next look in 20s · Ctrl-C ends the watching, not the tasks"
        );
    }

    #[test]
    fn a_look_that_comes_every_second_is_not_told_for_ever() {
        let soon = |seconds| Shown { next: Some(at(seconds)), ..shown(vec![]) };
        for seconds in [252, 253] {
            assert_eq!(lines(&soon(seconds), at(252), (80, 24), false), ["Ctrl-C ends the watching, not the tasks"]);
        }
        let later = lines(&soon(255), at(252), (80, 24), false);
        assert_eq!(later, ["next look in 3s · Ctrl-C ends the watching, not the tasks"]);
    }

    #[test]
    fn no_line_reaches_the_terminals_edge_whatever_the_terminal() {
        let wide = "語".repeat(40);
        let rows = (b'a'..=b'z')
            .map(|key| row(char::from(key), AgentState::Other("held\u{1b}[2J".to_owned()), &wide))
            .collect();
        let many = Shown { trouble: Some("GitHub\nsays\u{7} no".to_owned()), ..shown(rows) };
        for (width, height) in [(1, 1), (20, 5), (40, 10), (60, 24), (80, 24), (140, 50), (300, 90)] {
            for color in [false, true] {
                let lines = lines(&many, at(5000), (width, height), color);
                assert!(lines.len() <= height.max(2), "{} lines of {height}", lines.len());
                for line in lines {
                    assert!(columns(&line) < width.max(2), "{width}: {line}");
                    let seen = line.replace("\u{1b}[", "");
                    assert!(
                        !seen.contains('\u{1b}') && !seen.contains('\u{7}') && !seen.contains("2J\u{1b}"),
                        "{line:?}"
                    );
                }
            }
        }
    }
}
