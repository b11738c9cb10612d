//! The table: every field of a class and of a policy, and how it is ordered.

use taskclass_source::Path;

use super::lists::{Kind, More, Patterns, Set};
use super::numbers::{Absent, Number, Unit};
use super::words::Words;
use super::{Judge, Pair, gates, inputs, models, people};

/// How a field is judged.
pub(super) enum Field {
    /// Field by field; a section left out has none of them.
    Section(&'static [(&'static str, Field)]),
    /// Nothing that a task could notice.
    Neutral(&'static str),
    /// Not ordered, and no more is allowed.
    Rewrites(&'static str),
    /// Not ordered, and something may be allowed.
    Unordered(&'static str),
    /// A bound.
    Number(Number),
    /// One of a few words, from the tightest to the widest.
    Words(Words),
    /// A list in which only counts what is in it.
    Set(Set),
    /// A list of patterns.
    Patterns(Patterns),
    /// A kind of its own.
    Judged(for<'j, 'a> fn(&'j mut Judge<'a>, &Path, Pair<'a>)),
}

use Field::{Judged, Neutral, Rewrites, Section, Unordered};

const fn most(what: &'static str, absent: Absent) -> Field {
    Field::Number(Number { what, least: false, unit: Unit::Count, absent })
}

const fn least(what: &'static str, absent: u64) -> Field {
    Field::Number(Number { what, least: true, unit: Unit::Count, absent: Absent::Is(absent) })
}

const fn time(what: &'static str, absent: Absent) -> Field {
    Field::Number(Number { what, least: false, unit: Unit::Time, absent })
}

const fn more(what: &'static str) -> Field {
    Field::Set(Set { what, more: More::Widens, absent: None })
}

const fn fewer(what: &'static str) -> Field {
    Field::Set(Set { what, more: More::Narrows, absent: None })
}

const fn allow(kind: Kind) -> Field {
    Field::Patterns(Patterns { kind, more: More::Widens })
}

const fn deny(kind: Kind) -> Field {
    Field::Patterns(Patterns { kind, more: More::Narrows })
}

const fn words(what: &'static str, order: &'static [&'static str], absent: usize) -> Field {
    Field::Words(Words { what, order, absent })
}

const NO: Absent = Absent::Unbounded;
const REQUIRED: Absent = Absent::Unbounded;

const REQUIRE: &[(&str, Field)] = &[
    (
        "visibility",
        Field::Set(Set {
            what: "visibilities that a repository may have",
            more: More::Widens,
            absent: Some(&["public", "internal", "private"]),
        }),
    ),
    ("required_reviews", least("reviews that the branch's rules must ask for", 0)),
    ("required_checks", fewer("checks that the branch's rules must ask for")),
    ("firewall", words("the cloud agent's firewall", &["true", "false"], 1)),
    ("absent_paths", deny(Kind::Path)),
];

const VALIDATION: &[(&str, Field)] = &[
    ("paths", Section(&[("allow", allow(Kind::Path)), ("deny", deny(Kind::Path))])),
    ("max_files", most("files that a result may touch", NO)),
    ("max_lines", most("lines that a result may change", NO)),
    ("required_checks", fewer("checks that must have succeeded")),
    ("min_approvals", least("approving reviews that a merge needs", 0)),
    ("empty_result", words("a result without any change", &["rejected", "accepted"], 0)),
    ("on_rejected", fewer("what happens to a rejected result")),
];

const TIMEOUTS: &[(&str, Field)] = &[
    ("queue", time("time until the agent begins", REQUIRED)),
    ("run", time("time that the agent may work", REQUIRED)),
    ("stale", time("time without any change", REQUIRED)),
    ("waiting", time("time that a task may wait for a person", REQUIRED)),
    ("review", time("time that the pull request may be open", REQUIRED)),
    ("total", time("time until the end of everything", REQUIRED)),
];

const LIMITS: &[(&str, Field)] = &[
    ("timeouts", Section(TIMEOUTS)),
    (
        "in_flight",
        Section(&[
            ("total", most("tasks under way at once", NO)),
            ("per_repository", most("tasks under way in one repository", Absent::Is(1))),
        ]),
    ),
    (
        "submissions",
        Section(&[("per_hour", most("tasks started in an hour", NO)), ("per_day", most("tasks started in a day", NO))]),
    ),
    (
        "open_pull_requests",
        Section(&[
            ("total", most("open pull requests", NO)),
            ("per_reviewer", most("open pull requests for one reviewer", NO)),
        ]),
    ),
    ("priority", words("which work goes first", &["bulk", "normal", "critical"], 1)),
];

const BUDGET: &[(&str, Field)] = &[
    ("per_task", most("credits for a task", REQUIRED)),
    ("per_day", most("credits for a day", REQUIRED)),
    ("per_month", most("credits for a month", REQUIRED)),
    ("on_exceeded", words("a task over its budget", &["cancel", "pause"], 1)),
];

const ESCALATION: &[(&str, Field)] = &[
    ("on", fewer("states in which people are told")),
    ("ladder", Judged(people::ladder)),
    (
        "deadline",
        Section(&[
            ("after", time("time until nobody is waited for", REQUIRED)),
            ("do", words("what happens when nobody answers", &["cancel", "hold"], 0)),
        ]),
    ),
];

/// A class.
pub(super) const CLASS: &[(&str, Field)] = &[
    ("schema", Neutral("another schema")),
    ("name", Rewrites("tasks bear another name, and approvals count for the old one")),
    ("version", Neutral("another version")),
    ("title", Neutral("another title")),
    ("description", Neutral("another description")),
    ("owners", Judged(people::owners)),
    ("risk", words("the risk that sets how many approve it", &["high", "medium", "low"], 0)),
    ("intent", words("what a task is for", &["explore", "change"], 0)),
    (
        "model",
        Section(&[
            ("default", Judged(models::default)),
            ("allowed", Judged(models::allowed)),
            ("overrides", Judged(models::overrides)),
        ]),
    ),
    ("custom_agent", Rewrites("another agent works on the task")),
    (
        "repositories",
        Section(&[("allow", allow(Kind::Repository)), ("deny", deny(Kind::Repository)), ("require", Section(REQUIRE))]),
    ),
    ("base_ref", Section(&[("default", Rewrites("tasks start from another branch")), ("allow", allow(Kind::Ref))])),
    ("inputs", Judged(inputs::inputs)),
    (
        "prompt",
        Section(&[
            ("template", Rewrites("tasks are told something else")),
            ("file", Rewrites("tasks are told what another file says")),
        ]),
    ),
    ("examples", Neutral("other examples")),
    (
        "pull_request",
        Section(&[
            ("create", words("who opens a pull request", &["never", "after_validation", "by_agent"], 0)),
            ("labels", Rewrites("pull requests bear other labels")),
            ("reviewers", fewer("who is asked to review")),
        ]),
    ),
    ("validation", Section(VALIDATION)),
    ("limits", Section(LIMITS)),
    ("budget", Section(BUDGET)),
    ("escalation", Section(ESCALATION)),
    ("rollout", Judged(gates::rollout)),
    ("callers", Judged(people::callers)),
];

/// One stage of a rollout, but for its name.
pub(super) const STAGE: &[(&str, Field)] = &[
    ("repositories", most("repositories that the stage reaches", REQUIRED)),
    ("repeat", most("times that the task runs on each", Absent::Is(1))),
    ("pull_request", Judged(gates::pull_request)),
    (
        "soak",
        Field::Number(Number {
            what: "time that results are watched",
            least: true,
            unit: Unit::Time,
            absent: Absent::Is(0),
        }),
    ),
    ("batch", most("repositories that are started at a time", NO)),
    ("approve", words("whether a person must let the stage begin", &["true", "false"], 1)),
];

const MAXIMA: &[(&str, Field)] = &[
    ("per_task", most("credits for a task of any class", REQUIRED)),
    ("per_day", most("credits for a day", REQUIRED)),
    ("submissions_per_hour", most("tasks started in an hour", REQUIRED)),
    ("in_flight", most("tasks under way at once", REQUIRED)),
    ("open_pull_requests", most("open pull requests", REQUIRED)),
    ("stage_repositories", most("repositories that one stage reaches", REQUIRED)),
    ("run", time("time that an agent may work", REQUIRED)),
];

/// A policy.
pub(super) const POLICY: &[(&str, Field)] = &[
    ("schema", Neutral("another schema")),
    ("registry", Unordered("approvals count for another registry")),
    ("models", Section(&[("allow", more("models that a class may name")), ("sensitive", Judged(models::sensitive))])),
    ("repositories", Section(&[("deny", deny(Kind::Repository))])),
    ("paths", Section(&[("deny", deny(Kind::Path))])),
    (
        "approvals",
        Section(&[
            (
                "quorum",
                Section(&[
                    ("low", least("people who sign a class of low risk", 0)),
                    ("medium", least("people who sign a class of medium risk", 0)),
                    ("high", least("people who sign a class of high risk and the policy", 0)),
                ]),
            ),
            ("max_age", time("time that an approval counts", REQUIRED)),
            ("warn_before", Neutral("lint warns at another time before an approval ends")),
        ]),
    ),
    ("maxima", Section(MAXIMA)),
    ("free_reach", most("repositories that a class reaches without a rollout", REQUIRED)),
    ("reserve", Unordered("another share of the capacity is kept for critical work")),
    (
        "escalation",
        Section(&[
            ("repository", Rewrites("escalation goes to another repository")),
            ("owner", Rewrites("somebody else answers in the end")),
        ]),
    ),
    (
        "tokens",
        Section(&[
            ("kinds", more("kinds of token that the executor may use")),
            ("max_age", time("time until a token's expiry", NO)),
        ]),
    ),
    ("lint", Section(&[("levels", Judged(super::words::levels))])),
];
