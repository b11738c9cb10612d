//! Bugs of asking GitHub.

use std::cell::Cell;

use jiff::Timestamp;
use serde_json::{Value, json};
use taskclass_github::{Request, Response, SendError, Transport};

use super::Plant;
use crate::site::{Change, Site, TOKEN};
use crate::wire::Wire;
use crate::world::response;

/// Whether a bug is one of the wire.
pub(super) fn is_one(plant: Plant) -> bool {
    matches!(
        plant,
        Plant::RetriesPosts
            | Plant::ForgetsArchived
            | Plant::SkipsFirstRow
            | Plant::NoOverlap
            | Plant::TokenInError
            | Plant::SwallowedNotices
            | Plant::LastUsageOnly
            | Plant::ApprovesItself
            | Plant::DeafToMerges
    )
}

pub(super) struct Planted {
    pub(super) plant: Plant,
    /// When the list was last looked at, by the machine's clock.
    pub(super) looked: Cell<Option<Timestamp>>,
    pub(super) wire: Wire,
}

/// An answer with its JSON changed.
fn changed(answer: Result<Response, SendError>, change: impl FnOnce(&mut Value)) -> Result<Response, SendError> {
    let mut answer = answer?;
    if let Ok(mut value) = serde_json::from_slice::<Value>(&answer.body) {
        change(&mut value);
        answer.body = value.to_string().into_bytes();
    }
    Ok(answer)
}

impl Transport for Planted {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        let path = request.path_and_query.as_str();
        let change = Change::of(request.method.as_str(), path);
        let reads = change.is_none();
        match self.plant {
            Plant::RetriesPosts if change.is_some_and(Change::creates) => {
                let mut answer = self.wire.send(request);
                for _ in 0..2 {
                    match &answer {
                        Ok(response) if response.status >= 500 => {}
                        Err(SendError::Unknown(_)) => {}
                        _ => break,
                    }
                    answer = self.wire.send(request);
                }
                answer
            }
            Plant::ForgetsArchived if reads && path.contains("is_archived=true") => {
                changed(self.wire.send(request), |value| value["tasks"] = json!([]))
            }
            Plant::SkipsFirstRow if reads && path.starts_with("/agents/") && path.contains("/tasks?") => {
                changed(self.wire.send(request), |value| {
                    if let Some(rows) = value["tasks"].as_array_mut().filter(|rows| !rows.is_empty()) {
                        rows.remove(0);
                    }
                })
            }
            Plant::NoOverlap if reads && path.starts_with("/agents/tasks?") => self.without_overlap(request),
            Plant::TokenInError => self.wire.send(request).map_err(|error| match error {
                SendError::NotSent(text) => SendError::NotSent(format!("{text} (authorization: Bearer {TOKEN})")),
                SendError::Unknown(text) => SendError::Unknown(format!("{text} (authorization: Bearer {TOKEN})")),
            }),
            Plant::SwallowedNotices if matches!(change, Some(Change::Issue | Change::Comment)) => {
                let world = &self.wire.world;
                let mut elsewhere = world.site.borrow().sim.clone();
                response(elsewhere.handle(&Site::request(request), world.now()))
            }
            Plant::LastUsageOnly if reads && path.starts_with("/agents/") && !path.contains('?') => {
                changed(self.wire.send(request), |value| {
                    let sessions = value["sessions"].as_array_mut();
                    let Some((_, before)) = sessions.and_then(|sessions| sessions.split_last_mut()) else { return };
                    for session in before {
                        session["usage"] = json!({"type": "ai_credits", "amount": 0});
                    }
                })
            }
            Plant::ApprovesItself if change == Some(Change::Labels) => {
                let answer = self.wire.send(request);
                let mut review = request.clone();
                review.path_and_query = path.replace("/issues/", "/pulls/").replace("/labels", "/reviews");
                review.body = Some(br#"{"event":"APPROVE"}"#.to_vec());
                let _unseen = self.wire.send(&review);
                answer
            }
            Plant::DeafToMerges if reads && is_pull(path) => changed(self.wire.send(request), |value| {
                value["state"] = json!("open");
                value["merged"] = json!(false);
                value["merged_at"] = Value::Null;
                value["closed_at"] = Value::Null;
            }),
            _ => self.wire.send(request),
        }
    }
}

fn is_pull(path: &str) -> bool {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    matches!(parts.as_slice(), ["repos", _, _, "pulls", number] if number.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Planted {
    fn without_overlap(&self, request: &Request) -> Result<Response, SendError> {
        let mut request = request.clone();
        let now = self.wire.world.machine_now();
        if let Some(looked) = self.looked.get()
            && let Some((before, rest)) = request.path_and_query.split_once("since=")
        {
            let end = rest.find('&').unwrap_or(rest.len());
            let since = looked.to_string().replace(':', "%3A");
            request.path_and_query = format!("{before}since={since}{}", &rest[end..]);
        }
        let answer = self.wire.send(&request)?;
        self.looked.set(Some(now));
        Ok(answer)
    }
}
