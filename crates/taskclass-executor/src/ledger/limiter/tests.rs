//! What the limiter allows, second by second.

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn claim(priority: Priority, reserve: Option<&str>) -> Claim {
    Claim { owner: 1, change: Change::Submission, priority, reserve: reserve.map(|text| text.parse().unwrap()) }
}

const NORMAL: Claim = Claim { owner: 1, change: Change::Submission, priority: Priority::Normal, reserve: None };

fn told(until: i64, at_: i64) -> Told {
    Told { until: at(until), secondary: true, at: at(at_) }
}

/// A server that lets so many a minute through, without a word before, and says how long to wait if `says`.
struct Server {
    limit: usize,
    says: bool,
    let_through: Vec<Timestamp>,
    turned_away: u32,
}

impl Server {
    fn new(limit: usize, says: bool) -> Self {
        Self { limit, says, let_through: Vec::new(), turned_away: 0 }
    }

    /// Sends until `count` came through; returns the seconds that it took.
    fn serve(&mut self, limiter: &mut Limiter, count: usize, begin: Timestamp) -> i64 {
        let mut now = begin;
        let until = self.let_through.len() + count;
        while self.let_through.len() < until {
            now = limiter.next(NORMAL, now);
            limiter.took(1, Change::Submission, now);
            let minute = now - SignedDuration::from_secs(60);
            let inside: Vec<_> = self.let_through.iter().filter(|at| **at > minute).copied().collect();
            if inside.len() < self.limit {
                self.let_through.push(now);
                continue;
            }
            self.turned_away += 1;
            let free = inside[inside.len() - self.limit] + SignedDuration::from_secs(60);
            let pause = SignedDuration::from_secs(60 << limiter.turned_away(1).min(6));
            let until = if self.says { free } else { now + pause };
            limiter.slow_down(1, Told { until, secondary: true, at: now });
        }
        now.duration_since(begin).as_secs()
    }
}

#[test]
fn a_second_apart_and_five_hundred_an_hour() {
    let mut limiter = Limiter::default();
    let mut now = at(0);
    let mut sent = Vec::new();
    for _ in 0..501 {
        now = limiter.next(claim(Priority::Critical, None), now);
        limiter.took(1, Change::Submission, now);
        sent.push(now);
    }
    for pair in sent.windows(2) {
        assert!(pair[1].duration_since(pair[0]) >= SignedDuration::from_secs(1));
    }
    assert_eq!(sent[499], at(499));
    assert_eq!(sent[500], at(3601));
    assert_eq!(limiter.next(Claim { owner: 2, ..NORMAL }, at(0)), at(0), "another owner has its own pace");
    assert_eq!(limiter.next(Claim { change: Change::Other, ..NORMAL }, at(3601)), at(3602), "of whatever kind");
}

#[test]
fn the_reserve_is_left_to_the_critical() {
    let mut limiter = Limiter::default();
    for second in 0..400 {
        limiter.took(1, Change::Submission, at(second));
    }
    assert_eq!(limiter.next(claim(Priority::Critical, Some("20%")), at(400)), at(400));
    assert_eq!(limiter.next(claim(Priority::Normal, Some("20%")), at(400)), at(3601));
    assert_eq!(limiter.next(claim(Priority::Bulk, Some("100%")), at(3700)), at(4000), "never nothing");
    assert_eq!((left(100, Priority::Normal, None), left(1, Priority::Bulk, "50%".parse().ok())), (100, 1));
}

#[test]
fn a_secondary_limit_halves_the_pace_and_time_gives_it_back() {
    let mut limiter = Limiter::default();
    limiter.took(1, Change::Submission, at(0));
    limiter.slow_down(1, told(30, 1));
    assert_eq!(limiter.next(NORMAL, at(2)), at(30));
    assert_eq!(limiter.next(Claim { change: Change::Other, ..NORMAL }, at(2)), at(30), "to the other kind too");
    limiter.took(1, Change::Submission, at(30));
    let spacing = |limiter: &Limiter, last: i64| limiter.next(NORMAL, at(last)).duration_since(at(last));
    assert_eq!(spacing(&limiter, 30), SignedDuration::from_millis(2034), "thirty a minute");
    assert_eq!(
        limiter.next(Claim { change: Change::Other, ..NORMAL }, at(30)),
        at(31),
        "the other kind keeps its pace"
    );
    limiter.took(1, Change::Submission, at(30 + 15 * 120));
    assert_eq!(spacing(&limiter, 30 + 15 * 120), SignedDuration::from_millis(1356), "45 after half an hour");
    limiter.took(1, Change::Submission, at(30 + 30 * 120));
    assert_eq!(spacing(&limiter, 30 + 30 * 120), SignedDuration::from_secs(1), "sixty after an hour");
    limiter.slow_down(1, Told { until: at(60_000), secondary: false, at: at(59_000) });
    assert_eq!(limiter.next(NORMAL, at(59_001)), at(60_000));
    assert_eq!(spacing(&limiter, 60_001), SignedDuration::ZERO, "the hour's budget says nothing about the pace");
}

#[test]
fn what_a_server_secretly_allows_is_learned_with_two_wasted_requests() {
    for (limit, says) in [(20, true), (20, false), (5, true), (10, true), (40, true), (55, true), (7, false)] {
        let mut limiter = Limiter::default();
        let mut server = Server::new(limit, says);
        let took = server.serve(&mut limiter, 500, at(0));
        let bound = (500 - i64::try_from(limit).unwrap()) * 60 / i64::try_from(limit).unwrap();
        // Two to learn it, and one each time that it tries whether it is still so.
        let most = 3 + u32::try_from(took / 3600).unwrap();
        assert!(server.turned_away <= most, "{limit} a minute: {} wasted in {took} s", server.turned_away);
        assert!(took * 100 <= bound * 115, "{limit} a minute: {took} s, and {bound} s at best");
        // Through the day it tries now and then, ever more rarely, and does not run against the wall every few minutes.
        let begin = at(took) + SignedDuration::from_secs(5);
        server.turned_away = 0;
        let many = limit.min(8) * 60 * 12;
        let took = server.serve(&mut limiter, many, begin);
        assert!(server.turned_away <= 8, "{limit} a minute: {} wasted in {took} s", server.turned_away);
        let bound = i64::try_from(many * 60 / limit).unwrap().max(i64::try_from(many).unwrap() * 3600 / 500);
        assert!(took * 100 <= bound * 120, "{limit} a minute: {took} s, and {bound} s at best");
    }
}

#[test]
fn a_limit_that_was_lifted_is_found_out() {
    let mut limiter = Limiter::default();
    let took = Server::new(10, true).serve(&mut limiter, 100, at(0));
    let begin = at(took + 100);
    assert!(Server::new(100, true).serve(&mut limiter, 60, begin) > 300, "not at once");
    let begin = at(20_000);
    assert_eq!(Server::new(100, true).serve(&mut limiter, 60, begin), 59);
}

#[test]
fn one_refusal_after_the_other_only_waits_longer() {
    let mut limiter = Limiter::default();
    limiter.took(1, Change::Submission, at(0));
    limiter.took(1, Change::Submission, at(1));
    for (round, begin) in (0..5).zip([2, 100, 300, 600, 900]) {
        assert_eq!(limiter.turned_away(1), round);
        limiter.took(1, Change::Submission, at(begin));
        limiter.slow_down(1, told(begin + 60, begin));
    }
    limiter.took(1, Change::Submission, at(1200));
    limiter.took(1, Change::Submission, at(1300));
    assert_eq!(limiter.turned_away(1), 0, "one came through");
    let next = limiter.next(NORMAL, at(1300)).duration_since(at(1300));
    assert!(next <= SignedDuration::from_millis(2034), "halved once, not five times: {next:?}");
}

#[test]
fn a_clock_that_was_set_back_neither_blocks_nor_frees() {
    let mut limiter = Limiter::default();
    let day = 86_400;
    for second in 0..500 {
        limiter.took(1, Change::Submission, at(day + second));
    }
    limiter.slow_down(1, told(day + 800, day + 500));
    // The next change is written under a time two hours back: what was sent counts as sent just before it.
    limiter.took(1, Change::Submission, at(day - 6700));
    let next = limiter.next(NORMAL, at(day - 6700)).duration_since(at(day - 6700)).as_secs();
    assert!((3000..=3601).contains(&next), "{next}");
}

#[test]
fn the_class_whose_turn_is_longest_ago_goes_next() {
    let [many, few]: [ClassName; 2] = ["many", "few"].map(|name| name.parse().unwrap());
    let mut limiter = Limiter::default();
    limiter.served(&many);
    limiter.served(&many);
    assert!(limiter.turns().last(&few) < limiter.turns().last(&many));
    limiter.served(&few);
    assert!(limiter.turns().last(&many) < limiter.turns().last(&few));
}
