//! Who plays in a storm: the classes, the runs that are wanted, what agents and people do. All of it from the seed.

use std::fmt::Write as _;
use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::{RunRequest, Settings};
use taskclass_sim::Scenario;
use taskclass_spec::{ClassName, Duration};

use crate::dice::Dice;
use crate::registry::{self, Classes, NOW};
use crate::rig::{bump, request};
use crate::site::TOKEN;

/// A run that somebody wants.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Which one.
    pub number: u32,
    /// When.
    pub at: Timestamp,
    /// Of which class.
    pub class: ClassName,
    /// What.
    pub request: RunRequest,
}

/// Everything about a storm that is not the weather.
#[derive(Debug)]
pub struct Cast {
    /// When it begins.
    pub start: Timestamp,
    /// How long the weather lasts.
    pub lasts: SignedDuration,
    /// GitHub's side.
    pub scenario: Scenario,
    /// The classes that are approved.
    pub classes: &'static Classes,
    /// How often GitHub is asked.
    pub settings: Settings,
    /// Runs that are wanted.
    pub wishes: Vec<Wish>,
    /// Whether the executor is started anew for every tick, as a scheduled workflow does, and does not watch.
    pub scheduled: bool,
    /// Whether people answer once the weather is over.
    pub answered: bool,
}

/// The stage of a single run opens pull requests, as a class without a rollout does.
const OPENS: (&str, &str) =
    ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}");
const SHORT: [(&str, &str); 6] = [
    ("run: 65m", "run: 20m"),
    ("stale: 20m", "stale: 10m"),
    ("waiting: 24h", "waiting: 1h"),
    ("review: 7d", "review: 6h"),
    ("total: 9d", "total: 12h"),
    ("deadline: {after: 24h", "deadline: {after: 2h"),
];
const MANY: (&str, &str) = ("{total: 20, per_repository: 1}", "{total: 20, per_repository: 8}");
const LADDER: (&str, &str) = (
    "ladder: [{after: 0m, notify: [issue]}]",
    "ladder: [{after: 0m, notify: [comment]}, {after: 20m, notify: [issue, \"webhook:oncall\"]}]",
);

/// The sets of classes that storms draw from. Each is signed once a process.
fn sets() -> &'static [Classes] {
    static SETS: OnceLock<Vec<Classes>> = OnceLock::new();
    SETS.get_or_init(|| {
        let with = |more: &[(&str, &str)]| registry::edited(&[&[OPENS], more].concat());
        vec![
            registry::shipped().clone(),
            with(&[]),
            with(&[&SHORT[..], &[MANY]].concat()),
            with(&[("create: after_validation", "create: by_agent"), LADDER, MANY]),
            with(
                &[
                    &SHORT[..],
                    &[
                        ("create: after_validation", "create: by_agent"),
                        ("on_rejected: [comment, escalate]", "on_rejected: [comment, close_pull_request, escalate]"),
                        ("on_exceeded: pause", "on_exceeded: cancel"),
                        ("per_task: 40", "per_task: 20"),
                    ],
                ]
                .concat(),
            ),
            with(&[&SHORT[..], &[LADDER, ("do: cancel", "do: hold"), ("per_day: 1200", "per_day: 160")]].concat()),
        ]
    })
}

const REPOSITORIES: [&str; 4] = ["acme/svc-orders", "acme/svc-billing", "acme/svc-inventory", "acme/svc-catalog"];

/// What a session may come to, each as the fields of its script.
const SESSIONS: [&str; 16] = [
    "",
    "work: 3m",
    "work: 40m",
    "work: 70m",
    "queue: 50m",
    "outcome: failed, error: \"CAPIError: 429\"",
    "outcome: waiting_for_user",
    "outcome: idle",
    "outcome: cancelled",
    "pause: {state: waiting_for_user, after: 2m, for: 30m}",
    "pause: {state: idle, after: 1m, for: 3h}",
    "files: []",
    "files: [{path: Makefile}]",
    "files: [{path: src/lib.rs, additions: 900}]",
    "usage: null",
    "usage: {credits: 55, live: true}",
];
/// What people may do with a pull request.
const STEPS: [&str; 8] = [
    "{after: 1h, do: {kind: merge}}",
    "{after: 30m, do: {kind: approve}}, {after: 40m, do: {kind: merge}}",
    "{after: 30m, do: {kind: approve}}, {after: 1h, do: {kind: merge}}, {after: 5h, do: {kind: revert}}",
    "{after: 1h, do: {kind: close}}",
    "{after: 20m, do: {kind: push, files: [{path: src/lib.rs}]}}, {after: 2h, do: {kind: merge}}",
    "{after: 20m, do: {kind: push, files: [{path: Makefile}]}}",
    "{after: 10m, do: {kind: request_changes, body: no}}",
    "{after: 5m, do: {kind: ready}}, {after: 50m, do: {kind: approve}, by: octocat}",
];
const CHECKS: [&str; 5] = [
    "{name: build}, {name: test}",
    "{name: build}, {name: test, conclusion: failure}",
    "{name: build}, {name: test, after: null}",
    "{name: build, conclusion: action_required}, {name: test}",
    "{name: build, after: 20m}, {name: test, after: 2m}",
];
const RUNS: [&str; 6] =
    ["count: 0", "count: 2", "reviewer: true", "on_cancel: leaves_task", "on_cancel: ignored", "on_cancel: conflict"];

fn agent(dice: &Dice) -> String {
    let mut script = String::new();
    let many = 1 + dice.below(5) / 3;
    let mut sessions = Vec::new();
    for number in 0..many {
        let plain = dice.one_in(2);
        let session = if plain { "" } else { *dice.pick(&SESSIONS) };
        let after = format!("after: {}m", 5 + dice.below(150));
        let fields: Vec<&str> =
            [if number == 0 { "" } else { after.as_str() }, session].into_iter().filter(|f| !f.is_empty()).collect();
        sessions.push(format!("{{{}}}", fields.join(", ")));
    }
    let _ = write!(script, "  - sessions: [{}]\n    jitter: {}\n", sessions.join(", "), dice.below(30));
    if dice.one_in(2) {
        let _ = writeln!(script, "    later: [{}]", dice.pick(&STEPS));
    }
    if dice.one_in(4) {
        let _ = writeln!(script, "    checks: [{}]", dice.pick(&CHECKS));
    }
    if dice.one_in(4) {
        let _ = writeln!(script, "    run: {{{}}}", dice.pick(&RUNS));
    }
    if dice.one_in(8) {
        script.push_str("    pull_request: {opens: false}\n");
    }
    script
}

/// The scenario of the simulator.
fn scenario(dice: &Dice) -> Scenario {
    let mut text = format!(
        "schema: simulation/v1\ntokens: [{{token: {TOKEN}, login: octocat, kind: fine_grained_pat, expires_at: \
         2027-02-01T00:00:00Z}}]\n"
    );
    text.push_str("agents:\n");
    let scripts = 1 + dice.below(4);
    for number in 0..scripts {
        let script = agent(dice);
        // Each takes its share of the tasks, the last takes the rest.
        let matches = format!("    match: {{every: {}}}\n", scripts - number);
        text.push_str(&script);
        text.push_str(&matches);
    }
    match Scenario::from_yaml(&text) {
        Ok(scenario) => scenario,
        Err(error) => panic!("{error}\n{text}"),
    }
}

impl Cast {
    /// The cast of a seed.
    pub fn new(seed: u64) -> Self {
        let dice = Dice::new(seed, "cast");
        let start: Timestamp = NOW.parse().unwrap();
        let lasts = SignedDuration::from_hours(2 + i64::try_from(dice.below(4)).unwrap());
        let classes = dice.pick(sets());
        let many = u32::try_from(1 + dice.below(5)).unwrap();
        let wishes = (0..many).map(|number| {
            let at = start + dice.seconds(0, 7200);
            let repository = *dice.pick(&REPOSITORIES);
            let other = classes.len() > 1 && dice.one_in(3);
            match other {
                true => Wish {
                    number,
                    at,
                    class: "test-modernization".parse().unwrap(),
                    request: request("acme/svc-orders", &[("folder", "tests/search")]),
                },
                false => Wish { number, at, class: bump_class(), request: bump(repository) },
            }
        });
        let wishes = wishes.collect();
        let settings = Settings {
            min_interval: Duration::from_seconds(*dice.pick(&[15, 60, 120, 300])),
            max_interval: Duration::from_seconds(*dice.pick(&[300, 600, 900])),
        };
        let scenario = scenario(&dice);
        let (scheduled, answered) = (dice.one_in(4), dice.one_in(2));
        Self { start, lasts, scenario, classes, settings, wishes, scheduled, answered }
    }
}

impl Cast {
    /// Everyday work: so many runs a day on four repositories, agents of all sorts, people who merge what they get.
    pub fn everyday(days: u32, runs_a_day: u32) -> Self {
        static WIDE: OnceLock<Classes> = OnceLock::new();
        let start: Timestamp = NOW.parse().unwrap();
        let text = format!(
            "schema: simulation/v1\ntokens: [{{token: {TOKEN}, login: octocat, kind: fine_grained_pat, expires_at: \
             2027-02-20T00:00:00Z}}]\n{EVERYDAY}"
        );
        let apart = SignedDuration::from_hours(24) / i32::try_from(runs_a_day.max(1)).unwrap();
        let wishes = (0..days * runs_a_day).map(|number| Wish {
            number,
            at: start + apart * i32::try_from(number).unwrap(),
            class: bump_class(),
            request: bump(REPOSITORIES[number as usize % REPOSITORIES.len()]),
        });
        Self {
            start,
            lasts: SignedDuration::from_hours(24 * i64::from(days)),
            scenario: Scenario::from_yaml(&text).unwrap(),
            classes: WIDE.get_or_init(registry::wide),
            settings: Settings::default(),
            wishes: wishes.collect(),
            scheduled: false,
            answered: true,
        }
    }
}

/// What agents and people do on ordinary days.
const EVERYDAY: &str = "agents:
  - {match: {every: 19}, sessions: [{outcome: failed, error: no}], jitter: 20}
  - {match: {every: 17}, sessions: [{pause: {state: waiting_for_user, after: 2m, for: 40m}}], later: [{after: 1h, do: {kind: merge}}]}
  - {match: {every: 13}, sessions: [{files: [{path: Makefile}]}], jitter: 20}
  - {match: {every: 11}, sessions: [{}, {after: 30m, work: 2m}], later: [{after: 2h, do: {kind: close}}]}
  - {sessions: [{}], jitter: 30, later: [{after: 40m, do: {kind: approve}}, {after: 1h, do: {kind: merge}}]}
";

/// The class that most runs are of.
pub fn bump_class() -> ClassName {
    "dependency-bump".parse().unwrap()
}

/// Another run, as somebody would ask for it in passing.
pub fn another(dice: &Dice) -> (ClassName, RunRequest) {
    (bump_class(), bump(dice.pick::<&str>(&REPOSITORIES)))
}
