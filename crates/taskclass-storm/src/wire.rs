//! The wire in a storm: at every request the weather decides what becomes of it and of its answer.

use std::rc::Rc;

use jiff::SignedDuration;
use taskclass_github::{Request, Response, SendError, Transport};
use taskclass_sim::scenario::{FaultKind, Moment, Span};

use crate::site::{Change, How, Site};
use crate::weather::{Struck, Trouble};
use crate::world::{Interlude, World, response};

/// A process's wire to GitHub.
pub struct Wire {
    /// Where it leads.
    pub world: Rc<World>,
    /// Whose it is.
    pub process: u32,
}

fn span(duration: SignedDuration) -> Span {
    Span::seconds(u32::try_from(duration.as_secs()).unwrap_or(0))
}

impl Transport for Wire {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        let world = &*self.world;
        world.spent(1, 0);
        let change = Change::of(request.method.as_str(), &request.path_and_query);
        let trouble = if world.calm.get() { None } else { world.weather.of_request(&world.dice, change.is_some()) };
        let trouble = trouble.filter(|trouble| applies(*trouble, change, request));
        let answer = match self.outage(change, request) {
            Some(answer) => answer,
            None => self.pass(request, trouble),
        };
        world.tell(&format!("p{}", self.process), || {
            let query = if change.is_some() { request.path_and_query.as_str() } else { shown(&request.path_and_query) };
            let weather = trouble.map(|trouble| format!("  [{trouble:?}]")).unwrap_or_default();
            let said = match &answer {
                Ok(response) => response.status.to_string(),
                Err(error) => error.to_string(),
            };
            format!("{} {query} → {said}{weather}", request.method.as_str())
        });
        answer
    }
}

/// A path without what makes its line long.
fn shown(path: &str) -> &str {
    path.char_indices().nth(120).map_or(path, |(end, _)| &path[..end])
}

/// Whether a trouble can happen to this request.
fn applies(trouble: Trouble, change: Option<Change>, request: &Request) -> bool {
    let path = request.path_and_query.as_str();
    match trouble {
        Trouble::Stale => change.is_none() && path.starts_with("/agents/"),
        Trouble::Empty | Trouble::RowMissing => {
            change.is_none() && path.starts_with("/agents/") && path.contains("/tasks?")
        }
        Trouble::Unlisted | Trouble::NotFound | Trouble::Archived | Trouble::Substituted => {
            change == Some(Change::Task)
        }
        Trouble::DeafCancel => change == Some(Change::CancelRun),
        Trouble::Twice | Trouble::Straggler => change.is_some(),
        _ => true,
    }
}

impl Wire {
    /// What an outage makes of a request, if there is one.
    fn outage(&self, change: Option<Change>, request: &Request) -> Option<Result<Response, SendError>> {
        let world = &*self.world;
        let outage = world.weather.outage.filter(|outage| {
            let struck = match outage.struck {
                Struck::All => true,
                Struck::Changes => change.is_some(),
                Struck::Notices => matches!(change, Some(Change::Issue | Change::Comment)),
                Struck::Reads => change.is_none(),
            };
            struck && !world.calm.get() && (outage.from..outage.until).contains(&world.now())
        })?;
        let fault = FaultKind::Status { status: 503, when: Moment::Before };
        Some(match outage.answers {
            true => world.deliver(self.process, request, How::Once, world.written(self.process), &[fault]),
            false => Err(SendError::not_sent("no route to host")),
        })
    }

    fn pass(&self, request: &Request, trouble: Option<Trouble>) -> Result<Response, SendError> {
        let (world, dice) = (&*self.world, &self.world.dice);
        let left = world.written(self.process);
        let whole = |faults: &[FaultKind]| world.deliver(self.process, request, How::Once, left, faults);
        let fails = |when| FaultKind::Status { status: *dice.pick(&[500, 502, 503, 504]), when };
        let limited =
            |retry_after, primary| FaultKind::RateLimit { status: *dice.pick(&[403, 429]), retry_after, primary };
        let hides = || span(*dice.pick(&[dice.seconds(5, 90), dice.seconds(60, 1200), dice.seconds(1800, 7200)]));
        let Some(trouble) = trouble else { return whole(&[]) };
        match trouble {
            Trouble::DiesBefore => world.die(self.process, "before the request leaves"),
            Trouble::DiesAfter => {
                let _lost = whole(&[]);
                world.die(self.process, "before the answer arrives")
            }
            Trouble::LostBefore => {
                world.pass(dice.seconds(0, 30));
                Err(SendError::unknown("the connection was reset"))
            }
            Trouble::LostAfter => {
                let _lost = whole(&[]);
                world.pass(dice.seconds(0, 60));
                Err(SendError::unknown("timed out"))
            }
            Trouble::NotSent => Err(SendError::not_sent("connection refused")),
            Trouble::LateAnswer => {
                let answer = whole(&[]);
                world.pass(*dice.pick(&[dice.seconds(1, 60), dice.seconds(60, 3600), dice.seconds(3600, 14_400)]));
                answer
            }
            Trouble::LateRequest => {
                world.pass(*dice.pick(&[dice.seconds(1, 60), dice.seconds(60, 3600)]));
                whole(&[])
            }
            Trouble::Straggler => {
                let wait = *dice.pick(&[dice.seconds(1, 60), dice.seconds(60, 1200), dice.seconds(1200, 7200)]);
                self.world.site.borrow_mut().delay(Site::request(request), self.process, world.now() + wait);
                world.pass(dice.seconds(10, 60));
                Err(SendError::unknown("timed out"))
            }
            Trouble::Twice => {
                let first = whole(&[]);
                let second = world.deliver(self.process, request, How::Again, left, &[]);
                match dice.below(3) {
                    0 => first,
                    1 => second,
                    _ => Err(SendError::unknown("the connection was reset")),
                }
            }
            Trouble::Stale => {
                let lag = *dice.pick(&[dice.seconds(5, 90), dice.seconds(60, 600), dice.seconds(600, 3600)]);
                let asked = Site::request(request);
                response(world.site.borrow_mut().from_replica(&asked, world.now(), lag))
            }
            Trouble::Empty => {
                world.site.borrow_mut().blurred = true;
                whole(&[FaultKind::Empty {}])
            }
            Trouble::RowMissing => {
                world.site.borrow_mut().blurred = true;
                let mut answer = whole(&[])?;
                if let Ok(mut value) = serde_json::from_slice::<serde_json::Value>(&answer.body)
                    && let Some(rows) = value["tasks"].as_array_mut().filter(|rows| !rows.is_empty())
                {
                    rows.remove(usize::try_from(dice.below(rows.len() as u64)).unwrap_or(0));
                    answer.body = value.to_string().into_bytes();
                }
                Ok(answer)
            }
            Trouble::FailsBefore => whole(&[fails(Moment::Before)]),
            Trouble::FailsAfter => whole(&[fails(Moment::After)]),
            Trouble::Limited => whole(&[limited(Some(*dice.pick(&[1, 30, 60, 600])), false)]),
            Trouble::LimitedSilently => whole(&[limited(None, false)]),
            Trouble::Spent => whole(&[limited(None, true)]),
            Trouble::Garbled => whole(&[FaultKind::Garble {}]),
            Trouble::Takeover => {
                self.world.interrupt(Interlude::Takeover);
                whole(&[])
            }
            Trouble::Unlisted => whole(&[FaultKind::Unlisted { lasts: hides() }]),
            Trouble::NotFound => whole(&[FaultKind::NotFound { lasts: hides() }]),
            Trouble::Archived => {
                // Together with a lost answer: else nobody has to look for it.
                let lost = dice.one_in(2).then_some(FaultKind::LoseResponse {});
                let faults: Vec<_> = std::iter::once(FaultKind::Archived {}).chain(lost).collect();
                whole(&faults)
            }
            Trouble::Substituted => whole(&[FaultKind::SubstituteModel { model: "gpt-4.1".to_owned() }]),
            Trouble::DeafCancel => whole(&[FaultKind::IgnoreCancel {}]),
        }
    }
}
