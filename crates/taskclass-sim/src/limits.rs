//! GitHub's rate limits, counted for each user.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::reply::Problem;
use crate::scenario::Limits;
use crate::world::UserIndex;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The bucket of the agent tasks, as seen live; it is not documented.
const AGENT_BUCKET: &str = "mission_control";

/// A primary limit's state, as the headers say it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) resource: &'static str,
    pub(crate) limit: u32,
    pub(crate) used: u32,
    /// When the window ends.
    pub(crate) reset: Timestamp,
}

impl Standing {
    pub(crate) fn remaining(&self) -> u32 {
        self.limit.saturating_sub(self.used)
    }

    /// The first whole second at which the window has ended.
    pub(crate) fn reset_second(&self) -> i64 {
        self.reset.as_millisecond().div_euclid(1000) + i64::from(self.reset.subsec_nanosecond() != 0)
    }
}

/// A fixed window of an hour, which begins with its first request.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    start: Timestamp,
    used: u32,
}

/// What happened in the last while, with a weight each.
#[derive(Debug, Clone, Default)]
struct Sliding {
    entries: VecDeque<(Timestamp, u32)>,
    sum: u32,
}

impl Sliding {
    /// Forgets what is older than `window`.
    fn settle(&mut self, now: Timestamp, window: SignedDuration) {
        while let Some((at, weight)) = self.entries.front().copied() {
            if now.duration_since(at) < window {
                break;
            }
            self.entries.pop_front();
            self.sum -= weight;
        }
    }

    /// Seconds until `weight` more fits under `limit`, if it does not fit now.
    fn wait(&mut self, now: Timestamp, window: SignedDuration, weight: u32, limit: u32) -> Option<u32> {
        self.settle(now, window);
        let mut left = self.sum;
        if left + weight <= limit {
            return None;
        }
        let free = self.entries.iter().find_map(|(at, entry)| {
            left -= entry;
            (left + weight <= limit).then_some(*at)
        });
        let until = free.map_or(window, |at| window - now.duration_since(at));
        let seconds = until.as_secs() + i64::from(until.subsec_nanos() > 0);
        Some(u32::try_from(seconds).unwrap_or(u32::MAX))
    }

    fn add(&mut self, now: Timestamp, weight: u32) {
        self.entries.push_back((now, weight));
        self.sum += weight;
    }
}

/// All counters.
#[derive(Debug, Clone)]
pub(crate) struct Meter {
    limits: Limits,
    primary: HashMap<(UserIndex, &'static str), Bucket>,
    content_minute: HashMap<UserIndex, Sliding>,
    content_hour: HashMap<UserIndex, Sliding>,
    tasks: HashMap<UserIndex, Sliding>,
    points: HashMap<(UserIndex, &'static str), Sliding>,
}

/// One request as the limits see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weight {
    pub(crate) user: UserIndex,
    pub(crate) user_id: u64,
    pub(crate) operation: &'static str,
    pub(crate) writes: bool,
    pub(crate) agent_tasks: bool,
}

impl Meter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            primary: HashMap::new(),
            content_minute: HashMap::new(),
            content_hour: HashMap::new(),
            tasks: HashMap::new(),
            points: HashMap::new(),
        }
    }

    /// Where a user stands in a bucket.
    pub(crate) fn standing(&self, user: UserIndex, agent_tasks: bool, now: Timestamp) -> Standing {
        let resource = if agent_tasks { AGENT_BUCKET } else { "core" };
        let bucket = self.primary.get(&(user, resource)).filter(|bucket| now.duration_since(bucket.start) < HOUR);
        let (start, used) = bucket.map_or((now, 0), |bucket| (bucket.start, bucket.used));
        Standing { resource, limit: self.limits.primary_per_hour, used, reset: start + HOUR }
    }

    /// Counts a request, or refuses it; a refused one is not counted.
    ///
    /// # Errors
    /// The limit that is reached.
    pub(crate) fn admit(&mut self, weight: Weight, now: Timestamp) -> Result<(), Problem> {
        let standing = self.standing(weight.user, weight.agent_tasks, now);
        if standing.remaining() == 0 {
            return Err(Problem::primary_limit(403, weight.user_id));
        }
        if let Some(wait) = self.secondary_wait(weight, now) {
            let seconds = self.limits.retry_after.then_some(wait);
            return Err(Problem::secondary_limit(self.limits.secondary_status, seconds));
        }
        let bucket = Bucket { start: standing.reset - HOUR, used: standing.used + 1 };
        self.primary.insert((weight.user, standing.resource), bucket);
        self.points.entry((weight.user, weight.operation)).or_default().add(now, points(weight));
        if weight.writes {
            self.content_minute.entry(weight.user).or_default().add(now, 1);
            self.content_hour.entry(weight.user).or_default().add(now, 1);
            if weight.agent_tasks {
                self.tasks.entry(weight.user).or_default().add(now, 1);
            }
        }
        Ok(())
    }

    /// Gives a request back to the primary limit: a 304 is free.
    pub(crate) fn refund(&mut self, weight: Weight, now: Timestamp) {
        let resource = self.standing(weight.user, weight.agent_tasks, now).resource;
        if let Some(bucket) = self.primary.get_mut(&(weight.user, resource)) {
            bucket.used = bucket.used.saturating_sub(1);
        }
    }

    /// Seconds until no secondary limit stands in the way, if one does.
    fn secondary_wait(&mut self, weight: Weight, now: Timestamp) -> Option<u32> {
        let limits = &self.limits;
        let endpoint = self.points.entry((weight.user, weight.operation)).or_default();
        let mut wait = endpoint.wait(now, MINUTE, points(weight), limits.points_per_minute);
        if weight.writes {
            let minute = self.content_minute.entry(weight.user).or_default();
            wait = wait.max(minute.wait(now, MINUTE, 1, limits.content_per_minute));
            let hour = self.content_hour.entry(weight.user).or_default();
            wait = wait.max(hour.wait(now, HOUR, 1, limits.content_per_hour));
        }
        if let Some(secret) = limits.secret_tasks_per_minute.filter(|_| weight.writes && weight.agent_tasks) {
            wait = wait.max(self.tasks.entry(weight.user).or_default().wait(now, MINUTE, 1, secret));
        }
        wait
    }
}

fn points(weight: Weight) -> u32 {
    if weight.writes { 5 } else { 1 }
}
