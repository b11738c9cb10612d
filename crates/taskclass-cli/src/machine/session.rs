//! An executor, put together: the state open for reading, or for writing with everything that acts.

use std::{
    path::Path,
    sync::{Arc, atomic::AtomicBool},
    time::{Duration as Span, Instant},
};

use jiff::Timestamp;
use taskclass_executor::{
    Clock, ExecError, Executor, Github, Ledger, Parts, Settings as Pace, SqliteReader, SqliteStore, StoreError,
    SystemClock,
    book::{Book, BookError},
    event::Replayed,
    store::Journal,
};
use taskclass_github::{ApiUrl, Client, HttpOptions, HttpTransport, Token, TokenKind, Transport};
use taskclass_spec::Duration;

use super::{
    RegistryClasses, Settings, Telemetry,
    simulated::{SIM_TOKEN, SimTransport, VirtualClock},
    webhooks::Receivers,
};
use crate::{
    args::{Executor as Which, Global},
    exit::{Exit, Failure},
    ui::Ui,
};

/// How long another process may hold the state before this one says so.
const TURN: Span = Span::from_secs(15);
/// How long to wait before asking for it again.
const BRIEFLY: Span = Span::from_millis(50);

/// The state, open for reading. Another process may be writing it.
pub(crate) struct Reader {
    pub(crate) journal: SqliteReader,
    pub(crate) ledger: Ledger,
}

impl Reader {
    pub(crate) fn open(which: &Which, global: &Global) -> Result<Self, Failure> {
        let settings = Settings::read(which, global)?;
        let journal = SqliteReader::open(&settings.state).map_err(|error| store_failure(&error))?;
        let ledger = Ledger::load(&journal).map_err(|error| failure(BookError::from(error).into()))?;
        Ok(Self { journal, ledger })
    }
}

/// Whether what is sent to the simulation in this process becomes a part of its story.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Record {
    /// The next command goes on from it.
    Goes,
    /// It is only looked at, and nothing is written.
    Stays,
}

/// The way to GitHub or to the simulator, and the clock that goes with it.
pub(crate) struct Link {
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) github: Github<'static>,
    pub(crate) token: TokenKind,
}

impl Link {
    /// Reads the token. Nothing is sent yet.
    pub(crate) fn open(settings: &Settings, interrupted: Arc<AtomicBool>, record: Record) -> Result<Self, Failure> {
        let Some(github) = &settings.github else {
            let clock = VirtualClock::new(after_last_event(settings), interrupted);
            let token = Token::new(SIM_TOKEN).map_err(Failure::usage)?;
            let transport = SimTransport::open(&settings.state.with_extension("jsonl"), clock.clone(), record)?;
            let api = ApiUrl::parse("https://api.github.com").map_err(Failure::usage)?;
            let github = Client::new(Box::new(transport) as Box<dyn Transport>, api);
            return Ok(Self { clock: Box::new(clock), github, token: token.kind() });
        };
        let token = github.token()?;
        let kind = token.kind();
        let transport =
            HttpTransport::new(github.api.clone(), token, HttpOptions::default()).map_err(Failure::usage)?;
        let mut client: Github<'static> = Client::new(Box::new(transport) as Box<dyn Transport>, github.api.clone());
        if let Some(version) = &github.api_version {
            client = client.with_api_version(version);
        }
        Ok(Self { clock: Box::new(SystemClock::new(interrupted)), github: client, token: kind })
    }
}

/// What an executor is made of, held while it is used.
pub(crate) struct Session {
    pub(crate) classes: RegistryClasses,
    pub(crate) clock: Box<dyn Clock>,
    webhooks: Receivers,
    settings: Settings,
    github: Option<(Github<'static>, TokenKind)>,
    store: Option<SqliteStore>,
}

impl Session {
    pub(crate) fn open(which: &Which, global: &Global) -> Result<Self, Failure> {
        let settings = Settings::read(which, global)?;
        let classes = RegistryClasses::open(&settings)?;
        let interrupted = interrupts()?;
        let Link { clock, github, token } = Link::open(&settings, interrupted, Record::Goes)?;
        let store = in_turn(&settings.state)?;
        let webhooks = Receivers::of(&settings);
        Ok(Self { classes, clock, webhooks, settings, github: Some((github, token)), store: Some(store) })
    }

    /// Telemetry as configured; taken before the executor, so that what it does first is told as well.
    pub(crate) fn telemetry(&self, ui: &mut Ui) -> Result<Telemetry, Failure> {
        Telemetry::open(&self.settings, ui)
    }

    /// The executor over all of it. It can be made once: a journal has one writer.
    pub(crate) fn executor(&mut self) -> Result<(Executor<'_>, &RegistryClasses, &dyn Clock), Failure> {
        let (Some((github, token_kind)), Some(store)) = (self.github.take(), self.store.take()) else {
            return Err(Failure::usage("the state is open already"));
        };
        let seconds = |duration: jiff::SignedDuration| {
            Duration::from_seconds(u64::try_from(duration.as_secs()).unwrap_or_default())
        };
        let (min, max) = self.settings.interval;
        let parts = Parts {
            store: Box::new(store),
            github,
            clock: &*self.clock,
            classes: &self.classes,
            webhooks: &self.webhooks,
            token_kind,
            settings: Pace { min_interval: seconds(min), max_interval: seconds(max) },
        };
        let executor = Executor::open(parts).map_err(failure)?;
        Ok((executor, &self.classes, &*self.clock))
    }
}

/// The state, open for writing. A `watch` holds it only while it works, so a short wait gets through.
fn in_turn(state: &Path) -> Result<SqliteStore, Failure> {
    let give_up = Instant::now() + TURN;
    loop {
        match SqliteStore::open(state) {
            Err(StoreError::Busy { .. }) if Instant::now() < give_up => std::thread::sleep(BRIEFLY),
            opened => return opened.map_err(|error| store_failure(&error)),
        }
    }
}

/// The journal, open for writing without a way to GitHub.
pub(crate) fn open_book(settings: &Settings) -> Result<Book<'static>, Failure> {
    let store = in_turn(&settings.state)?;
    Book::open(Box::new(store), Timestamp::now()).map_err(|error| failure(error.into()))
}

/// SIGINT and SIGTERM set the flag; a second one ends the program at once, which the journal survives.
fn interrupts() -> Result<Arc<AtomicBool>, Failure> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, Exit::Interrupted as i32, Arc::clone(&flag))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&flag)))
            .map_err(|error| Failure::usage(format!("signals cannot be handled: {error}")))?;
    }
    Ok(flag)
}

/// Virtual time goes on where the journal ended, or now if that is later.
fn after_last_event(settings: &Settings) -> Timestamp {
    let mut last = Timestamp::now();
    if let Ok(journal) = SqliteReader::open(&settings.state) {
        // What cannot be read here is said when the state is opened for writing.
        let _ = journal.lines(0, &mut |line| {
            if let Ok(event) = serde_json::from_str::<Replayed>(line) {
                last = last.max(event.observed);
            }
            true
        });
    }
    last
}

/// A failure of the state, with its exit code.
pub(crate) fn store_failure(error: &StoreError) -> Failure {
    Failure::usage(error)
}

/// A failure of the executor, with its exit code and its reasons.
pub(crate) fn failure(error: ExecError) -> Failure {
    match error {
        ExecError::Refused(refused) => {
            let head = Failure::refused(format!("`{}` was not run on {}", refused.class, refused.repository));
            refused.reasons.iter().fold(head, |failure, reason| failure.reason(reason))
        }
        ExecError::Github(error) => Failure::new(Exit::Github, error),
        ExecError::Interrupted => Failure::new(Exit::Interrupted, "everything is written down; tasks at GitHub go on")
            .help("`taskclass watch` or `taskclass tick` goes on from here"),
        other => Failure::usage(other),
    }
}
