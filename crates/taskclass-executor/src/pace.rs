//! How often GitHub is asked: pure over what is under way, what runs out soon, and what is left of the hour's requests.

use jiff::{SignedDuration, Timestamp};
use taskclass_github::RateHeaders;

use crate::agenda::deadlines;
use crate::ledger::Ledger;
use crate::lifecycle::clocks;
use crate::port::Settings;

/// Requests of the hour that are left to other programs with the same token.
const LEFT: u64 = 100;
/// While less than this share of the hour's requests is used by the time that they are, nothing is stretched.
const AT_MOST: SignedDuration = SignedDuration::from_mins(10);
/// What others use is averaged over about so long.
const MEMORY: f64 = 300.0;
/// How much a single look counts in the average of what a look costs.
const WEIGHT: f64 = 0.2;

/// Pull requests that are looked at in an hour, about.
const PULLS_AN_HOUR: i64 = 1200;
/// A task under way is read itself at least this often, and however many there are not more seldom than that.
const SOONEST: SignedDuration = SignedDuration::from_mins(5);
const LATEST: SignedDuration = SignedDuration::from_mins(60);

/// What is under way, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Load {
    /// Tasks at GitHub that may move by themselves at any time.
    pub(crate) moving: u32,
    /// Tasks at GitHub that wait for a person.
    pub(crate) waiting: u32,
    /// Open pull requests that are followed.
    pub(crate) pulls: u32,
    /// Whether a clock or a deadline of a task that waits runs out soon: its answer must not be missed.
    pub(crate) soon: bool,
}

impl Load {
    /// Counts what is active.
    pub(crate) fn of(ledger: &Ledger, settings: Settings, now: Timestamp) -> Self {
        let mut load = Self::default();
        let near = clocks::later(now, settings.max_interval.signed().saturating_add(settings.max_interval.signed()));
        for task in ledger.active() {
            load.pulls += u32::from(task.pull.as_ref().is_some_and(|pull| pull.open) && !task.state.is_in_flight());
            if task.at_github.is_none() || !task.state.is_in_flight() {
                continue;
            }
            if !task.agent.as_ref().is_some_and(|agent| agent.state.waits()) {
                load.moving += 1;
                continue;
            }
            load.waiting += 1;
            let clock = clocks::next(task).map(|(at, _)| at);
            load.soon |= clock.into_iter().chain(deadlines(task).map(|(at, _)| at)).any(|at| at <= near);
        }
        load
    }

    /// Tasks under way.
    pub(crate) fn in_flight(self) -> u32 {
        self.moving.saturating_add(self.waiting)
    }

    /// The time between two looks at the list, as long as requests are no matter: the shortest while anything moves or time runs out
    /// for somebody's answer, the longest while all wait.
    pub(crate) fn interval(self, settings: Settings) -> SignedDuration {
        let shortest = self.moving > 0 || self.soon;
        if shortest { settings.min_interval.signed() } else { settings.max_interval.signed() }
    }

    /// How long a task under way may go without being read itself. The more there are, the longer, so that about one of them is read
    /// at each look at the list.
    pub(crate) fn rests(self, interval: SignedDuration) -> SignedDuration {
        let all = interval.checked_mul(i32::try_from(self.in_flight()).unwrap_or(i32::MAX)).unwrap_or(LATEST);
        all.saturating_add(all / 5).clamp(SOONEST, LATEST)
    }

    /// The least time between two looks at the same pull request.
    pub(crate) fn pulls_every(self) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.pulls) * 3600 / PULLS_AN_HOUR)
    }
}

/// What is left of the hour's requests, who uses it, and what a look at the list costs with all that follows from it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Budget {
    seen: Option<Standing>,
    /// Requests of our watching since the last look.
    ours: u32,
    /// What a look costs, on average.
    look: Option<f64>,
    /// What everybody else uses in a second.
    others: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Standing {
    at: Timestamp,
    remaining: u64,
    /// When the hour ends, by our clock.
    reset: Timestamp,
}

impl Budget {
    /// A request was charged to us.
    pub(crate) fn charged(&mut self) {
        self.ours = self.ours.saturating_add(1);
    }

    /// Takes in what an answer to a look says. GitHub's moments are taken relative to its own clock.
    pub(crate) fn note(&mut self, rate: &RateHeaders, date: Option<Timestamp>, now: Timestamp) {
        let Some((remaining, reset)) = rate.remaining.zip(rate.reset) else { return };
        let left = reset.duration_since(date.unwrap_or(now)).clamp(SignedDuration::ZERO, SignedDuration::from_hours(1));
        let ours = std::mem::take(&mut self.ours);
        if let Some(before) = self.seen {
            let look = f64::from(ours);
            self.look = Some(self.look.map_or(look, |known| known + WEIGHT * (look - known)));
            // In a new hour nothing can be said of the time between.
            let passed = now.duration_since(before.at).as_secs_f64();
            if remaining <= before.remaining && now < before.reset && passed > 0.0 {
                let used = (before.remaining - remaining).saturating_sub(u64::from(ours));
                let rate = f64::from(u32::try_from(used).unwrap_or(u32::MAX)) / passed;
                self.others += passed / (passed + MEMORY) * (rate - self.others);
            }
        }
        self.seen = Some(Standing { at: now, remaining, reset: clocks::later(now, left) });
    }

    /// The time until the next look: `wanted`, or longer where the hour's requests would not last with what others use of them.
    pub(crate) fn stretch(&self, wanted: SignedDuration, now: Timestamp) -> SignedDuration {
        let Some(seen) = self.seen.filter(|seen| seen.reset > now) else { return wanted };
        let left = seen.reset.duration_since(now);
        if seen.remaining < LEFT {
            return wanted.max(left);
        }
        let seconds = left.as_secs_f64();
        let kept = f64::from(u32::try_from(LEFT).unwrap_or(u32::MAX));
        let ours = f64::from(u32::try_from(seen.remaining).unwrap_or(u32::MAX)) - kept - self.others * seconds;
        let look = self.look.unwrap_or(1.0);
        let least = if ours <= 0.0 { seconds } else { look * seconds / ours };
        let least = SignedDuration::try_from_secs_f64(least).unwrap_or(AT_MOST);
        wanted.max(least.min(AT_MOST).min(left))
    }
}

#[cfg(test)]
mod tests {
    use taskclass_spec::Duration;

    use super::*;

    const SETTINGS: Settings =
        Settings { min_interval: Duration::from_seconds(15), max_interval: Duration::from_seconds(60) };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn rate(remaining: u64, reset: i64) -> RateHeaders {
        RateHeaders { remaining: Some(remaining), reset: Some(at(reset)), ..RateHeaders::default() }
    }

    fn seconds(duration: SignedDuration) -> i64 {
        duration.as_secs()
    }

    #[test]
    fn what_moves_is_looked_at_often_and_what_waits_seldom_unless_time_runs_out() {
        let interval = |moving, waiting, soon| seconds(Load { moving, waiting, pulls: 0, soon }.interval(SETTINGS));
        assert_eq!(
            (interval(1, 5, false), interval(0, 5, false), interval(0, 5, true), interval(0, 0, false)),
            (15, 60, 15, 60)
        );
    }

    #[test]
    fn the_more_there_are_the_more_seldom_each_is_read_itself() {
        let rests = |moving| seconds(Load { moving, ..Load::default() }.rests(SignedDuration::from_secs(15)));
        assert_eq!((rests(1), rests(20), rests(100), rests(1000)), (300, 360, 1800, 3600));
        let pulls = |pulls| seconds(Load { pulls, ..Load::default() }.pulls_every());
        assert_eq!((pulls(10), pulls(400)), (30, 1200));
    }

    #[test]
    fn with_plenty_left_nothing_is_stretched() {
        let mut budget = Budget::default();
        budget.note(&rate(4999, 3600), None, at(0));
        assert_eq!(seconds(budget.stretch(SignedDuration::from_secs(15), at(0))), 15);
        assert_eq!(seconds(Budget::default().stretch(SignedDuration::from_secs(15), at(0))), 15);
    }

    #[test]
    fn what_a_look_costs_is_learned_and_made_to_last() {
        let mut budget = Budget::default();
        let mut left = 5000;
        for look in 0..20 {
            budget.note(&rate(left, 3600), None, at(look * 15));
            // Fifty requests a look: 12,000 an hour.
            (0..50).for_each(|_| budget.charged());
            left -= 50;
        }
        let next = seconds(budget.stretch(SignedDuration::from_secs(15), at(300)));
        assert!((35..60).contains(&next), "{next}");
    }

    #[test]
    fn other_programs_with_the_token_are_given_way() {
        let mut budget = Budget::default();
        let mut left = 5000;
        for look in 0..60 {
            budget.note(&rate(left, 3600), None, at(look * 15));
            budget.charged();
            // They use 1.2 a second: 4,320 an hour.
            left -= 1 + 18;
        }
        let next = seconds(budget.stretch(SignedDuration::from_secs(15), at(900)));
        assert!((15..=16).contains(&next), "there is room for both: {next}");
        for look in 60..90 {
            budget.note(&rate(left, 3600), None, at(look * 15));
            budget.charged();
            // Twice that: it does not last the hour out.
            left -= 1 + 36;
        }
        let next = seconds(budget.stretch(SignedDuration::from_secs(15), at(1350)));
        assert!(next > 60, "{next}");
    }

    #[test]
    fn the_last_hundred_are_left_to_others_and_a_new_hour_begins_anew() {
        let mut budget = Budget::default();
        budget.note(&rate(99, 600), None, at(0));
        assert_eq!(seconds(budget.stretch(SignedDuration::from_secs(15), at(0))), 600);
        assert_eq!(seconds(budget.stretch(SignedDuration::from_secs(15), at(601))), 15);
        // GitHub's clock an hour ahead of ours, and a field that is nonsense: never more than an hour.
        budget.note(&rate(99, 4200), Some(at(3600)), at(0));
        assert_eq!(seconds(budget.stretch(SignedDuration::from_secs(15), at(0))), 600);
        budget.note(&rate(9, 999_999), None, at(0));
        assert_eq!(seconds(budget.stretch(SignedDuration::from_secs(15), at(0))), 3600);
    }
}
