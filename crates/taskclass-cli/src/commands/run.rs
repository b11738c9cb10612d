//! `taskclass run`: one task of an approved class.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use taskclass_executor::{
    Executor, Ledger, Prepared, RunRequest, Standing, TickReport, standing,
    views::{StatusRow, status},
    vocab::{CallerFacts, Key, RunId, State},
};
use taskclass_source::text::visible;
use taskclass_spec::ClassName;

use crate::{
    args::{Format, Global, Run},
    asked::Asked,
    caller,
    exit::{Exit, Failure, Outcome},
    followed::{self, Troubles, What},
    machine::{Answer, Place, Session, failure},
    phrases, told,
    ui::{Tone, Ui},
};

pub(crate) fn run(args: &Run, global: &Global, ui: &mut Ui) -> Outcome {
    let name: ClassName = args.name.parse().map_err(Failure::usage)?;
    let mut session = Session::open(&args.executor, global)?;
    let mut telemetry = session.telemetry(ui)?;
    let (mut executor, classes, clock) = session.executor()?;
    let last = executor.ledger().registry_commit.clone();
    let Answer { read, accepted, class } = classes.approve(&name, last.as_deref(), clock.now());
    let place = read.map(|commit| classes.place(&commit));
    if let Some(place) = &place {
        let lead = ui.paint_err("registry  ", Tone::Dim);
        ui.note_led(&lead, &visible(&place.to_string()));
    }
    if let Some(commit) = accepted.filter(|_| !args.dry_run) {
        executor.registry_accepted(&commit).map_err(failure)?;
    }
    let class = match class {
        Ok(class) => class,
        Err(refusal) => {
            // Who asked for what is not approved is what an auditor asks first; a dry run asks for nothing.
            if refusal.exit == Exit::Refused && !args.dry_run {
                let caller =
                    CallerFacts { system: Some(caller::system()), trigger: trigger(args), ..CallerFacts::default() };
                let repository = args.request.repo.as_deref().unwrap_or_default();
                executor.not_approved(&name, repository, caller, &refusal.message).map_err(failure)?;
            }
            return Err(refusal);
        }
    };
    let asked = Asked::read(&args.request, class.get())?;
    let request = RunRequest {
        repository: asked.repository,
        inputs: asked.given,
        model: asked.model,
        base_ref: asked.base_ref,
        system: Some(caller::system()),
        trigger: trigger(args),
    };
    if args.dry_run {
        let prepared = executor.dry_run(&class, &request).map_err(failure)?;
        return dry(&prepared, place.as_ref(), ui);
    }
    for (subject, approval) in class.broken_glass() {
        let (document, who, note) = (&subject.name, &approval.principal, visible(&approval.note));
        let text = format!("break-glass approval of {document} by {who}: {note}; whoever answers for it is told");
        ui.note(ui.paint_err(text, Tone::Attention));
    }
    let (run, key) = executor.start_run(&class, &request).map_err(failure)?;
    if let Some(stage) = class.get().single_run_stage() {
        let opens = class.get().single_run_pull_request() != class.get().written().pull_request.create;
        let rest = if opens { ", which opens no pull request" } else { "" };
        ui.note(format!("a single run counts as stage `{}` of the rollout{rest}", stage.name));
    }
    ui.note(format!(
        "{} of {name} on {} ({run})",
        ui.paint_err(format!("task {key}"), Tone::Strong),
        request.repository
    ));
    let mut progress = Progress::new(key.clone());
    if args.wait {
        if !args.executor.sim {
            ui.go_live();
        }
        let what = What::Run(&run);
        let followed = executor.run_until_settled(&run, &mut |report, ledger| {
            let now = clock.now();
            // Below a change there never stands what was before it.
            followed::show(ui, what, report, ledger, now);
            progress.tell(report, ledger, now, ui);
            progress.held(ledger, ui);
            telemetry.after(report, ledger, now, ui);
        });
        ui.end_live();
        executor.rest();
        telemetry.finish(executor.ledger(), clock.now(), ui);
        followed.map_err(|error| followed::ended(error, what, executor.ledger()))?;
    } else {
        let report = executor.tick().map_err(failure)?;
        progress.tell(&report, executor.ledger(), clock.now(), ui);
        telemetry.after(&report, executor.ledger(), clock.now(), ui);
        executor.rest();
        telemetry.finish(executor.ledger(), clock.now(), ui);
    }
    end(&executor, Ran { run: &run, key: &key, place: place.as_ref() }, clock.now(), args, ui)
}

fn trigger(args: &Run) -> Option<String> {
    args.trigger.clone().or_else(caller::trigger)
}

/// Says each change of the task's state once, with its age.
struct Progress {
    key: Key,
    last: Option<State>,
    held: Option<String>,
    troubles: Troubles,
}

impl Progress {
    fn new(key: Key) -> Self {
        Self { key, last: None, held: None, troubles: Troubles::default() }
    }

    /// Says what holds it up in the queue, once each time that it changes.
    fn held(&mut self, ledger: &Ledger, ui: &mut Ui) {
        let task = ledger.tasks.get(&self.key).filter(|task| task.state == State::Queued);
        let held = task.and_then(|task| task.held_by.clone());
        if held == self.held {
            return;
        }
        if let Some(held) = &held {
            ui.note_led("           ", &format!("held: {}", phrases::one_line(held)));
        }
        self.held = held;
    }

    fn tell(&mut self, report: &TickReport, ledger: &Ledger, now: Timestamp, ui: &mut Ui) {
        for trouble in self.troubles.news(report) {
            ui.note_led("           ", &trouble);
        }
        let Some(task) = ledger.tasks.get(&self.key) else { return };
        let states =
            report.did.iter().filter(|did| did.key.as_ref() == Some(&self.key)).filter_map(|did| did.state.as_ref());
        for state in states.chain([&task.state]) {
            if self.last.as_ref() != Some(state) {
                let age =
                    ui.paint_err(format!("{:>9}", format!("+{}", phrases::span(task.times.planned, now))), Tone::Dim);
                ui.note(format!("{age}  {}", ui.paint_err(state, Tone::of(state))));
                self.last = Some(state.clone());
            }
        }
    }
}

/// What was run, and where its class was read.
#[derive(Clone, Copy)]
struct Ran<'r> {
    run: &'r RunId,
    key: &'r Key,
    place: Option<&'r Place>,
}

/// What a program is told: the task's row, as `status` has it, and where its class was read.
#[derive(Serialize)]
struct Told<'r> {
    #[serde(flatten)]
    row: &'r StatusRow,
    registry: Option<&'r Place>,
}

/// What became of it, and the exit code that says so.
fn end(executor: &Executor<'_>, ran: Ran<'_>, now: Timestamp, args: &Run, ui: &mut Ui) -> Outcome {
    let Ran { run, key, place } = ran;
    let waited = args.wait;
    let rows = status(executor.ledger(), Some(run));
    let Some((row, task)) = rows.iter().find(|row| row.key == *key).zip(executor.ledger().tasks.get(key)) else {
        return Err(Failure::usage("the task is not in the journal"));
    };
    if ui.format == Format::Json {
        ui.json(&Told { row, registry: place })?;
    } else {
        told::facts(row, task.judgement.as_ref(), now, ui);
    }
    let short = key.short();
    if matches!(task.state, State::Unknown | State::Sending) {
        ui.note(
            "nobody knows yet whether GitHub has the task: `taskclass tick` finds out, and sends nothing twice; do not run it again",
        );
    } else if !waited {
        ui.note(format!("`taskclass watch` follows it; `taskclass show {short}` tells where it stands"));
    } else if !matches!(standing(task), Standing::Fine) {
        ui.note(format!("{}: `taskclass show {short}` tells the whole story", phrases::standing(standing(task))));
    }
    Ok(match standing(task) {
        Standing::Fine => Exit::Fine,
        // GitHub gave no answer that counts, and the journal finds out.
        Standing::UnderWay if matches!(task.state, State::Unknown | State::Sending) => Exit::Github,
        Standing::UnderWay if !waited => Exit::Fine,
        Standing::UnderWay | Standing::NeedsPerson => Exit::NeedsPerson,
        // GitHub's own no, or ours before anything was sent.
        Standing::Rejected if task.state == State::Refused && task.sends > 0 => Exit::Github,
        Standing::Rejected if task.state == State::Refused => Exit::Refused,
        Standing::Rejected => Exit::Findings,
    })
}

fn dry(prepared: &Prepared, place: Option<&Place>, ui: &mut Ui) -> Outcome {
    let body: Value = serde_json::from_slice(&prepared.request.to_body()).map_err(Failure::usage)?;
    let path = format!("/agents/repos/{}/tasks", prepared.admitted.repository);
    if ui.format == Format::Json {
        ui.json(&json!({ "method": "POST", "path": path, "body": body, "key": prepared.key, "registry": place }))?;
    } else {
        ui.line(format!("POST {path}"));
        ui.line(format!("{body:#}"));
        ui.note("dry run: everything was checked, nothing was written down or sent");
    }
    Ok(Exit::Fine)
}
