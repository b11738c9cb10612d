//! Tasks that are followed: what is shown meanwhile, and what is said when somebody ends it.

use jiff::Timestamp;
use taskclass_executor::{
    ExecError, Ledger, TickReport,
    lifecycle::Task,
    views::StatusRow,
    vocab::{RunId, State},
};
use taskclass_source::text::visible;

use crate::{
    exit::{Exit, Failure},
    machine, phrases,
    ui::{
        Ui,
        progress::{Doing, Shown},
    },
};

/// Tasks that are shown at most. A terminal has fewer lines.
const MOST: usize = 200;
/// Tasks that are named when following them is ended.
const NAMED: usize = 5;

/// What is followed: a run, or everything that is under way.
#[derive(Clone, Copy)]
pub(crate) enum What<'r> {
    Run(&'r RunId),
    All,
}

impl What<'_> {
    fn tasks(self, ledger: &Ledger) -> Vec<&Task> {
        match self {
            Self::Run(run) => {
                let keys = ledger.runs.get(run).into_iter().flatten();
                keys.filter_map(|key| ledger.tasks.get(key)).collect()
            }
            Self::All => ledger.active().collect(),
        }
    }
}

/// Shows how what is followed stands: what is under way first, the oldest at the top.
pub(crate) fn show(ui: &Ui, what: What<'_>, report: &TickReport, ledger: &Ledger, now: Timestamp) {
    let Some(live) = ui.live() else { return };
    let mut tasks = what.tasks(ledger);
    tasks.sort_by_key(|task| (!task.state.is_in_flight(), task.times.planned));
    let more = tasks.len().saturating_sub(MOST);
    let rows = tasks.into_iter().take(MOST).map(StatusRow::of).collect();
    let doing = match what {
        What::Run(_) => Doing::Waiting,
        What::All => Doing::Watching,
    };
    live.show(Shown { rows, more, next: report.next_due, trouble: report.trouble.clone(), doing }, now);
}

/// Says what could not be read and what is mended: once each time that it changes.
#[derive(Default)]
pub(crate) struct Troubles {
    all: Option<String>,
    each: Vec<String>,
}

impl Troubles {
    /// Takes in a report; gives what is new in it, in words.
    pub(crate) fn news(&mut self, report: &TickReport) -> Vec<String> {
        let mut news = Vec::new();
        if report.trouble != self.all {
            news.extend(report.trouble.as_ref().map(|trouble| visible(trouble).into_owned()));
            self.all.clone_from(&report.trouble);
        }
        let each: Vec<String> = report
            .put_off
            .iter()
            .map(|held| format!("task {} is put off: {}", held.key.short(), phrases::one_line(&held.off.why)))
            .collect();
        news.extend(each.iter().filter(|line| !self.each.contains(line)).cloned());
        self.each = each;
        news.extend(
            report
                .stuck
                .iter()
                .map(|step| format!("put off, as it changes nothing: {}; please report this", visible(step))),
        );
        news
    }
}

/// Why following ended, for a person: what goes on at GitHub meanwhile, and how to come back to it.
pub(crate) fn ended(error: ExecError, what: What<'_>, ledger: &Ledger) -> Failure {
    let (exit, head) = match error {
        ExecError::Interrupted => (Exit::Interrupted, "everything is written down".to_owned()),
        ExecError::Unanswered(why) => {
            (Exit::Github, format!("GitHub has not answered for minutes: {why}; everything is written down"))
        }
        other => return machine::failure(other),
    };
    let tasks = what.tasks(ledger);
    let unsure = |task: &Task| matches!(task.state, State::Sending | State::Unknown | State::Unresolved);
    let at_github: Vec<&&Task> = tasks.iter().filter(|task| task.state.is_in_flight() && !unsure(task)).collect();
    let lost: Vec<&&Task> = tasks.iter().filter(|task| unsure(task)).collect();
    let queued =
        tasks.iter().filter(|task| !task.state.is_in_flight() && task.sends == 0 && !task.state.is_ended()).count();
    let known = match at_github.len() {
        0 => None,
        1 => Some("1 task goes on at GitHub".to_owned()),
        more => Some(format!("{more} tasks go on at GitHub")),
    };
    let not_known = match lost.len() {
        0 => None,
        1 => Some("of 1 task nobody knows whether GitHub has it".to_owned()),
        more => Some(format!("of {more} tasks nobody knows whether GitHub has them")),
    };
    let goes_on: Vec<String> = known.into_iter().chain(not_known).collect();
    let goes_on = if goes_on.is_empty() { "no task is at work at GitHub".to_owned() } else { goes_on.join("; ") };
    let mut failure = Failure::new(exit, format!("{head}; {goes_on}"));
    for task in at_github.iter().chain(&lost).take(NAMED) {
        let url = task.at_github.as_ref().and_then(|found| found.url.as_ref());
        let url = url.map(|url| format!(", {}", visible(url))).unwrap_or_default();
        let (class, repository) = (&task.plan.contract.class, &task.plan.repository);
        failure = failure.reason(format!("{}  {class} on {repository}: {}{url}", task.key.short(), task.state));
    }
    let named = at_github.len() + lost.len();
    if named > NAMED {
        failure = failure.reason(format!("and {} more", named - NAMED));
    }
    if queued > 0 {
        let (is, are) = if queued == 1 { ("task", "is") } else { ("tasks", "are") };
        failure = failure.reason(format!("{queued} {is} not sent yet {are} sent by whoever comes back"));
    }
    let failure = failure.help("`taskclass watch` goes on from here; `taskclass tick` does what is due, once");
    match (what, tasks.as_slice()) {
        (What::Run(_), [task]) if unsure(task) => {
            failure.help(format!("`taskclass cancel {}` has it stopped as soon as it is found", task.key.short()))
        }
        (What::Run(_), [task]) if task.state.is_in_flight() => {
            failure.help(format!("`taskclass cancel {}` stops the task itself", task.key.short()))
        }
        (What::Run(_), [task]) if task.state == State::Queued => {
            failure.help(format!("`taskclass cancel {}` takes it back", task.key.short()))
        }
        _ => failure,
    }
}
