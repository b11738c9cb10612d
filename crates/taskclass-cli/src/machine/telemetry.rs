//! Telemetry as configured: the journal's spans and measures to a collector, and into a text file for a node exporter.
//!
//! It holds nothing up and fails nothing. A collector is spoken to on a thread of its own, one request at a time and each bounded in time;
//! what it does not take waits in a bounded buffer, is said once, and is tried again. How far the journal was told is kept in
//! `STATE.telemetry` only once it was: what a process could not deliver, the next one makes from the journal again, with the same ids.

mod collector;
mod sender;

use std::{
    collections::VecDeque,
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use taskclass_executor::{
    Ledger, SqliteReader, StoreError, TickReport,
    telemetry::{Chronicle, measures, otlp, prometheus, span::Span},
};
use taskclass_source::text::visible;

use self::{
    collector::Collector,
    sender::{Failed, Sender, Sending},
};
use super::Settings;
use crate::{exit::Failure, ui::Ui};

/// Spans that wait; beyond it the oldest are given up.
const MOST: usize = 4096;
/// Spans in one request.
const AT_ONCE: usize = 512;
/// Measures are sent no more often.
const PACE: Duration = Duration::from_secs(10);
/// After a failure it is tried again so much later, and then twice as much, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(15);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// At the end of the process, for all that still waits together.
const AT_THE_END: Duration = Duration::from_secs(3);

/// Telemetry, if any is configured.
pub(crate) struct Telemetry(Option<Active>);

struct Active {
    state: PathBuf,
    /// How far the journal was told, kept between processes.
    kept: PathBuf,
    chronicle: Option<Chronicle>,
    prometheus: Option<PathBuf>,
    collector: Option<Export>,
    /// What was said already, so that it is said once.
    said: Option<String>,
}

/// Whether a part of the configuration can be used.
pub(crate) enum Readiness {
    /// All that it needs is there.
    Ready,
    /// Something is not there today: a run goes on without.
    Missing(String),
    /// It cannot be meant: a run is refused.
    Refused(Failure),
}

/// Whether measures go with the next request.
#[derive(Clone, Copy)]
enum Due {
    Now,
    InTheirTime,
    Never,
}

/// What goes to the collector.
struct Export {
    sender: Sender,
    waiting: VecDeque<Span>,
    /// How many of them are on their way.
    on_the_way: usize,
    measured: Option<Instant>,
    /// After failures: how long is waited, and until when.
    pause: Option<(Duration, Instant)>,
}

impl Telemetry {
    /// As configured. What stood in the journal before telemetry was turned on is history, and its spans are not sent.
    ///
    /// # Errors
    /// A configuration that cannot be meant. What is only not there today is said, and the rest goes on.
    pub(crate) fn open(settings: &Settings, ui: &mut Ui) -> Result<Self, Failure> {
        let Some((github, config)) =
            settings.github.as_ref().and_then(|github| Some((github, github.config.telemetry.as_ref()?)))
        else {
            return Ok(Self(None));
        };
        let mut said = None;
        let collector = match config.otlp.as_ref().map(|otlp| Collector::of(otlp, &github.folder)).transpose()? {
            None => None,
            Some(Ok(collector)) => Some(Export::new(Sender::start(collector))),
            Some(Err(missing)) => {
                ui.note(format!("no telemetry is sent: {}", visible(&missing)));
                said = Some(missing);
                None
            }
        };
        let prometheus = config.prometheus.as_ref().map(|prometheus| github.folder.join(&prometheus.file));
        let mut kept = settings.state.as_os_str().to_owned();
        kept.push(".telemetry");
        let (state, kept) = (settings.state.clone(), PathBuf::from(kept));
        let mut active = Active { state, kept, chronicle: None, prometheus, collector, said };
        active.chronicle = active.take_up().ok();
        // Where it began stands fast from here on, whether or not anything is ever delivered.
        active.keep().unwrap_or_else(|trouble| active.say(&trouble, ui));
        Ok(Self(Some(active)))
    }

    /// How each part that is configured would fare, by its field. Nothing is sent, and nothing written.
    pub(crate) fn readiness(settings: &Settings) -> Vec<(&'static str, Readiness)> {
        let Some((github, config)) =
            settings.github.as_ref().and_then(|github| Some((github, github.config.telemetry.as_ref()?)))
        else {
            return Vec::new();
        };
        let otlp = config.otlp.as_ref().map(|otlp| match Collector::of(otlp, &github.folder) {
            Ok(Ok(_)) => Readiness::Ready,
            Ok(Err(missing)) => Readiness::Missing(missing),
            Err(failure) => Readiness::Refused(failure),
        });
        let prometheus = config.prometheus.as_ref().map(|prometheus| {
            let file = github.folder.join(&prometheus.file);
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let says = |what: &str| format!("`telemetry.prometheus.file`: {} {what}", folder.display());
            match std::fs::metadata(folder) {
                Ok(metadata) if !metadata.is_dir() => Readiness::Missing(says("is no folder")),
                Ok(metadata) if metadata.permissions().readonly() => Readiness::Missing(says("cannot be written")),
                Ok(_) => Readiness::Ready,
                Err(error) => Readiness::Missing(says(&format!("cannot be looked at: {error}"))),
            }
        });
        let parts = [("telemetry.otlp", otlp), ("telemetry.prometheus", prometheus)];
        parts.into_iter().filter_map(|(field, readiness)| Some((field, readiness?))).collect()
    }

    /// After a tick: takes in what the journal says since, and passes it on.
    pub(crate) fn after(&mut self, report: &TickReport, ledger: &Ledger, now: Timestamp, ui: &mut Ui) {
        let Self(Some(active)) = self else { return };
        active.after(report, ledger, now).unwrap_or_else(|trouble| active.say(&trouble, ui));
        active.heard(ui);
    }

    /// At the end of the process: what still waits has one more chance. The state is given up before: nobody else waits for a collector.
    pub(crate) fn finish(self, ledger: &Ledger, now: Timestamp, ui: &mut Ui) {
        let Self(Some(mut active)) = self else { return };
        let answered = active.finish(ledger, now, AT_THE_END);
        active.heard(ui);
        if !answered {
            active.say("the collector does not answer in time", ui);
        }
        active.keep().unwrap_or_else(|trouble| active.say(&trouble, ui));
    }
}

impl Active {
    /// The fold where the last process left it, or anew.
    fn take_up(&self) -> Result<Chronicle, StoreError> {
        let journal = SqliteReader::open(&self.state)?;
        let kept = std::fs::read(&self.kept).unwrap_or_default();
        match Chronicle::go_on(&kept, &journal)? {
            Some(chronicle) => Ok(chronicle),
            None => Chronicle::begin(&journal),
        }
    }

    fn after(&mut self, report: &TickReport, ledger: &Ledger, now: Timestamp) -> Result<(), String> {
        let unread = |error: StoreError| format!("the journal cannot be read for telemetry: {error}");
        if self.chronicle.is_none() {
            self.chronicle = Some(self.take_up().map_err(unread)?);
        }
        let Some(chronicle) = &mut self.chronicle else { return Ok(()) };
        let spans = chronicle.follow(&SqliteReader::open(&self.state).map_err(unread)?).map_err(unread)?;
        chronicle.forget(ledger);
        chronicle.pulse.ticked = Some(now);
        if report.trouble.is_none() && report.did.iter().any(|did| did.key.is_none()) {
            chronicle.pulse.read = Some(now);
        }
        if let Some(export) = &mut self.collector {
            export.waiting.extend(spans);
            export.pass_on(chronicle, ledger, now, Due::InTheirTime);
        }
        let written = match &self.prometheus {
            Some(file) => replace(file, prometheus::text(&measures(ledger, chronicle, now)).as_bytes(), 0o644),
            None => Ok(()),
        };
        both(written, self.keep())
    }

    /// Sends what waits, for so long at most; whether the collector answered by then.
    fn finish(&mut self, ledger: &Ledger, now: Timestamp, patience: Duration) -> bool {
        let (Some(export), Some(chronicle)) = (&mut self.collector, &self.chronicle) else { return true };
        let until = Instant::now() + patience;
        // Twice at most: what is on its way, then what came after, with the measures as they are at the end. A collector that failed is not
        // waited for again, and a second round is for spans alone.
        for measured in [true, false] {
            if !export.await_answer(until) {
                return false;
            }
            if export.pause.is_some() || !measured && export.waiting.is_empty() {
                return true;
            }
            export.pass_on(chronicle, ledger, now, if measured { Due::Now } else { Due::Never });
        }
        export.await_answer(until)
    }

    /// Keeps how far the journal was told, if all of it was.
    fn keep(&self) -> Result<(), String> {
        let told = self.collector.as_ref().is_none_or(|export| export.waiting.is_empty());
        match &self.chronicle {
            Some(chronicle) if told => replace(&self.kept, &chronicle.to_bytes(), 0o600),
            _ => Ok(()),
        }
    }

    /// Takes the collector's answer in, if there is one.
    fn heard(&mut self, ui: &mut Ui) {
        let Some(export) = &mut self.collector else { return };
        match export.trouble() {
            Some(Some(trouble)) => self.say(&trouble, ui),
            Some(None) => self.said = None,
            None => {}
        }
    }

    fn say(&mut self, trouble: &str, ui: &mut Ui) {
        if self.said.as_deref() != Some(trouble) {
            ui.note(format!("telemetry: {}; nothing waits for it", visible(trouble)));
            self.said = Some(trouble.to_owned());
        }
    }
}

impl Export {
    fn new(sender: Sender) -> Self {
        Self { sender, waiting: VecDeque::new(), on_the_way: 0, measured: None, pause: None }
    }

    /// Hands the sender the next request, if it is free and there is something to say.
    fn pass_on(&mut self, chronicle: &Chronicle, ledger: &Ledger, now: Timestamp, measures_are: Due) {
        self.take_answer();
        let too_many = self.waiting.len().saturating_sub(MOST);
        // Those on their way are among the oldest.
        self.on_the_way = self.on_the_way.saturating_sub(too_many);
        self.waiting.drain(..too_many);
        let pauses = self.pause.is_some_and(|(_, until)| Instant::now() < until);
        let due = match measures_are {
            Due::Now => true,
            Due::Never => false,
            Due::InTheirTime => self.measured.is_none_or(|at| at.elapsed() >= PACE),
        };
        if self.sender.is_busy() || pauses || self.waiting.is_empty() && !due {
            return;
        }
        let batch: Vec<Span> = self.waiting.iter().take(AT_ONCE).cloned().collect();
        let traces = (!batch.is_empty()).then(|| otlp::traces(&batch, chronicle));
        let metrics = due.then(|| otlp::metrics(&measures(ledger, chronicle, now), chronicle, now));
        if due {
            self.measured = Some(Instant::now());
        }
        self.on_the_way = batch.len();
        self.sender.send(Sending { traces, metrics });
    }

    /// The sender's answer, if it has one by now.
    fn take_answer(&mut self) {
        self.take(Instant::now());
    }

    /// Waits until then for the sender's answer; whether nothing is on its way any more.
    fn await_answer(&mut self, until: Instant) -> bool {
        self.take(until);
        !self.sender.is_busy()
    }

    fn take(&mut self, until: Instant) {
        let Some(answer) = self.sender.answer(until) else { return };
        match answer {
            Ok(()) => {
                self.waiting.drain(..self.on_the_way);
                self.pause = None;
            }
            Err(failed) => {
                if failed == Failed::ForGood {
                    self.waiting.drain(..self.on_the_way);
                }
                let pause = self.pause.map_or(FIRST_PAUSE, |(pause, _)| (pause * 2).min(LONGEST_PAUSE));
                self.pause = Some((pause, Instant::now() + pause));
            }
        }
        self.on_the_way = 0;
    }

    /// What is to be said of the newest answer: `Some(None)` once all is well.
    fn trouble(&mut self) -> Option<Option<String>> {
        self.take_answer();
        self.sender.news()
    }
}

/// Two outcomes as one: neither trouble hides the other.
fn both(one: Result<(), String>, other: Result<(), String>) -> Result<(), String> {
    match (one, other) {
        (Err(one), Err(other)) => Err(format!("{one}; {other}")),
        (one, other) => one.and(other),
    }
}

/// Writes a file anew, so that whoever reads it sees the old or the new text.
fn replace(path: &Path, bytes: &[u8], mode: u32) -> Result<(), String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = |error: std::io::Error| format!("{} cannot be written: {error}", path.display());
    let mut beside = named(mode).tempfile_in(folder).map_err(cannot)?;
    beside.write_all(bytes).map_err(cannot)?;
    beside.persist(path).map_err(|error| cannot(error.error)).map(drop)
}

/// A temporary file, which a node exporter does not read under its own name.
fn named(mode: u32) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".taskclass-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    builder
}

#[cfg(test)]
mod tests;
