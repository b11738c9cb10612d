//! The thread that speaks to the collector, so that nothing else waits for it.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    time::Instant,
};

use super::collector::Collector;

/// One turn: bodies of requests.
pub(super) struct Sending {
    pub(super) traces: Option<Vec<u8>>,
    pub(super) metrics: Option<Vec<u8>>,
}

/// Whether it is worth another try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failed {
    ForNow,
    ForGood,
}

type Answer = Result<(), (Failed, String)>;

/// The thread's other end. It has one turn at a time; it ends with the process.
pub(super) struct Sender {
    /// `None` once the thread could not be begun.
    turns: Option<SyncSender<Sending>>,
    answers: Receiver<Answer>,
    busy: bool,
    /// What was not said yet of the newest answer.
    news: Option<Option<String>>,
}

impl Sender {
    pub(super) fn start(collector: Collector) -> Self {
        let (turns, to_take) = sync_channel::<Sending>(1);
        let (to_answer, answers) = sync_channel(1);
        let work = move || {
            for sending in to_take {
                if to_answer.send(collector.take(sending)).is_err() {
                    break;
                }
            }
        };
        let begun = std::thread::Builder::new().name("telemetry".to_owned()).spawn(work);
        Self { turns: begun.ok().map(|_| turns), answers, busy: false, news: None }
    }

    pub(super) fn is_busy(&self) -> bool {
        self.busy
    }

    pub(super) fn send(&mut self, sending: Sending) {
        self.busy = self.turns.as_ref().is_some_and(|turns| turns.try_send(sending).is_ok());
    }

    /// What became of the turn, if it is over by then.
    pub(super) fn answer(&mut self, until: Instant) -> Option<Result<(), Failed>> {
        if !self.busy {
            return None;
        }
        let answer = match self.answers.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Err(RecvTimeoutError::Timeout) => return None,
            answered => answered.ok(),
        };
        self.busy = false;
        let answer = answer.unwrap_or_else(|| Err((Failed::ForNow, "it has ended by itself".to_owned())));
        Some(match answer {
            Ok(()) => {
                self.news = Some(None);
                Ok(())
            }
            Err((failed, why)) => {
                self.news = Some(Some(why));
                Err(failed)
            }
        })
    }

    /// What is to be said: a trouble, or that there is none any more.
    pub(super) fn news(&mut self) -> Option<Option<String>> {
        self.news.take()
    }
}
