//! The table of a class: every field and how it is ordered.

use super::fields::{Field, Fields, NO_BOUND, fewer, least, more, most, time, words};
use super::lists::{More, Set};
use super::numbers::{Absent, Number, Unit};
use super::patterns::{Kind, Patterns, Told};
use super::{expression, gates, inputs, models, people};

use Field::{Judged, Neutral, Rewrites, Section};

/// A class.
pub(super) const CLASS: Fields = &[
    ("schema", Field::Unordered("the document is of another format")),
    ("name", Field::Unordered("the class has another name: what the old one used and who approved it does not count")),
    ("version", Neutral("the version is another")),
    ("title", Neutral("the title is another; it permits nothing")),
    ("description", Neutral("the description is another; it permits nothing")),
    ("owners", Judged(people::owners, &[])),
    (
        "risk",
        words(
            &[
                ("high", "as many people must approve it as the policy asks for high risk"),
                ("medium", "as many people must approve it as the policy asks for medium risk"),
                ("low", "as many people must approve it as the policy asks for low risk"),
            ],
            "",
        ),
    ),
    (
        "intent",
        words(
            &[("explore", "tasks only explore and open no pull request"), ("change", "tasks change the repository")],
            "",
        ),
    ),
    ("model", Section(MODEL)),
    (
        "custom_agent",
        Field::Unordered("another agent works on the tasks, with instructions, tools and servers of its own"),
    ),
    (
        "repositories",
        Section(&[
            (
                "allow",
                Field::Patterns(Patterns {
                    kind: Kind::Repository,
                    more: More::Widens,
                    beside: Some("deny"),
                    told: Told {
                        came: "tasks may run in repositories that match {}",
                        went: "tasks may no longer run in repositories for being matched by {}",
                    },
                }),
            ),
            (
                "deny",
                Field::Patterns(Patterns {
                    kind: Kind::Repository,
                    more: More::Narrows,
                    beside: Some("allow"),
                    told: Told {
                        came: "repositories that match {} are out of bounds",
                        went: "repositories that match {} are no longer out of bounds",
                    },
                }),
            ),
            ("require", Section(REQUIRE)),
        ]),
    ),
    (
        "base_ref",
        Section(&[
            ("default", Rewrites("tasks start from another branch unless the caller names one")),
            (
                "allow",
                Field::Patterns(Patterns {
                    kind: Kind::Ref,
                    more: More::Widens,
                    beside: None,
                    told: Told {
                        came: "tasks may start from branches that match {}",
                        went: "tasks may no longer start from branches for being matched by {}",
                    },
                }),
            ),
        ]),
    ),
    ("inputs", Judged(inputs::inputs, INPUTS)),
    (
        "prompt",
        Section(&[
            ("template", Rewrites("the agent is told something else")),
            ("file", Rewrites("the agent is told what another file says")),
        ]),
    ),
    ("examples", Neutral("the examples are others; they permit nothing")),
    ("pull_request", Section(PULL_REQUEST)),
    ("validation", Section(VALIDATION)),
    ("limits", Section(LIMITS)),
    ("budget", Section(BUDGET)),
    ("escalation", Section(ESCALATION)),
    ("rollout", Judged(gates::rollout, &[("stages", Judged(gates::stages, STAGE)), ("gates", Section(GATES))])),
    ("callers", Judged(people::callers, &[("allow", more("{} may run the class", "{} may no longer run the class"))])),
];

const MODEL: Fields = &[
    ("default", Judged(models::default, &[])),
    ("allowed", Judged(models::allowed, &[])),
    ("overrides", Judged(models::overrides, OVERRIDE)),
];

/// Models for some repositories.
const OVERRIDE: Fields = &[
    ("repositories", Field::Unordered("the choice counts for other repositories")),
    ("default", Judged(models::default, &[])),
    ("allowed", Judged(models::allowed, &[])),
];

const REQUIRE: Fields = &[
    (
        "visibility",
        Field::Set(Set {
            came: "tasks may run in repositories that are {}",
            went: "tasks may no longer run in repositories that are {}",
            more: More::Widens,
            absent: &["public", "internal", "private"],
        }),
    ),
    ("required_reviews", least("the base branch's rules must ask for {} approving reviews", 0)),
    (
        "required_checks",
        fewer(
            "the base branch's rules must ask for the check {}",
            "the base branch's rules need no longer ask for the check {}",
        ),
    ),
    (
        "firewall",
        words(
            &[
                ("true", "the cloud agent's firewall must be on"),
                ("false", "the cloud agent's firewall need not be on"),
            ],
            "false",
        ),
    ),
    (
        "absent_paths",
        Field::Patterns(Patterns {
            kind: Kind::Path,
            more: More::Narrows,
            beside: None,
            told: Told {
                came: "repositories that hold files at {} are out of bounds",
                went: "repositories that hold files at {} are no longer out of bounds for it",
            },
        }),
    ),
];

/// What an input may have, whatever its type.
const INPUTS: Fields = &[
    ("type", Field::Unordered("values are of another type")),
    ("description", Neutral("the description is another; it permits nothing")),
    ("default", Judged(inputs::default, &[])),
    ("pattern", Judged(expression::pattern, &[])),
    ("min_length", least("a value must have {} characters", 0)),
    ("max_length", most("a value may have {} characters", Absent::Is(20_000))),
    ("minimum", Field::Number(Number { told: "a value must be {}", least: true, unit: Unit::Count, absent: ANY })),
    ("maximum", Field::Number(Number { told: "a value may be {}", least: false, unit: Unit::Count, absent: ANY })),
    ("values", more("callers may choose {}", "callers may no longer choose {}")),
    ("max_items", most("callers may give {} values", Absent::Is(1_000))),
    ("of", Judged(inputs::typed, ITEM)),
];

/// What the values of a list may have, whatever their type.
const ITEM: Fields = &[
    ("type", Field::Unordered("values are of another type")),
    ("pattern", Judged(expression::pattern, &[])),
    ("min_length", least("each value must have {} characters", 0)),
    ("max_length", most("each value may have {} characters", Absent::Is(20_000))),
    ("minimum", Field::Number(Number { told: "each value must be {}", least: true, unit: Unit::Count, absent: ANY })),
    ("maximum", Field::Number(Number { told: "each value may be {}", least: false, unit: Unit::Count, absent: ANY })),
    ("values", more("each value may be {}", "no value may be {} any more")),
];

const ANY: Absent = Absent::Unbounded("any number", "any number");

const PULL_REQUEST: Fields = &[
    (
        "create",
        words(
            &[
                ("never", "no pull request is opened"),
                ("after_validation", "a pull request is opened once a result is accepted"),
                ("by_agent", "the agent opens a pull request before its work is judged"),
            ],
            "never",
        ),
    ),
    ("labels", Field::Unordered("pull requests get other labels, and workflows and rules may go by them")),
    ("reviewers", fewer("{} is asked to review pull requests", "{} is no longer asked to review pull requests")),
];

const VALIDATION: Fields = &[
    (
        "paths",
        Section(&[
            (
                "allow",
                Field::Patterns(Patterns {
                    kind: Kind::Path,
                    more: More::Widens,
                    beside: Some("deny"),
                    told: Told {
                        came: "a result may touch files that match {}",
                        went: "a result may no longer touch files for being matched by {}",
                    },
                }),
            ),
            (
                "deny",
                Field::Patterns(Patterns {
                    kind: Kind::Path,
                    more: More::Narrows,
                    beside: Some("allow"),
                    told: Told {
                        came: "no result may touch files that match {}",
                        went: "files that match {} are no longer kept from results",
                    },
                }),
            ),
        ]),
    ),
    ("max_files", most("a result may touch {} files", NO_BOUND)),
    ("max_lines", most("a result may change {} lines", NO_BOUND)),
    (
        "required_checks",
        fewer("a result needs the check {} to succeed", "a result no longer needs the check {} to succeed"),
    ),
    ("min_approvals", least("a merge needs {} approving reviews", 0)),
    (
        "empty_result",
        words(
            &[
                ("rejected", "a result without any change is rejected"),
                ("accepted", "a result without any change is accepted"),
            ],
            "rejected",
        ),
    ),
    ("on_rejected", fewer("a rejected result is met with {}", "a rejected result is no longer met with {}")),
];

const LIMITS: Fields = &[
    (
        "timeouts",
        Section(&[
            ("queue", time("a task may wait for the agent to begin for {}")),
            ("run", time("the agent may work for {}")),
            ("stale", time("a task may show no change for {}")),
            ("waiting", time("a task may wait for a person for {}")),
            ("review", time("a pull request may be open for {}")),
            ("total", time("a task may live for {}")),
        ]),
    ),
    (
        "in_flight",
        Section(&[
            ("total", most("{} tasks of the class may be under way at once", NO_BOUND)),
            ("per_repository", most("{} tasks may be under way in one repository at once", Absent::Is(1))),
        ]),
    ),
    (
        "submissions",
        Section(&[
            ("per_hour", most("{} tasks of the class may be started in an hour", NO_BOUND)),
            ("per_day", most("{} tasks of the class may be started in a day", NO_BOUND)),
        ]),
    ),
    (
        "open_pull_requests",
        Section(&[
            ("total", most("{} pull requests of the class may be open at once", NO_BOUND)),
            ("per_reviewer", most("{} pull requests may wait for one reviewer", NO_BOUND)),
        ]),
    ),
    (
        "priority",
        words(
            &[
                ("bulk", "its tasks go last"),
                ("normal", "its tasks wait with all others"),
                ("critical", "its tasks go first, with capacity that is kept for them"),
            ],
            "normal",
        ),
    ),
];

const BUDGET: Fields = &[
    ("per_task", most("a task may spend {} credits", NO_BOUND)),
    ("per_day", most("all tasks of the class may spend {} credits in a day", NO_BOUND)),
    ("per_month", most("all tasks of the class may spend {} credits in a month", NO_BOUND)),
    (
        "on_exceeded",
        words(
            &[
                ("cancel", "a task over its budget is stopped"),
                ("pause", "a task over its budget goes on, and no other is started"),
            ],
            "pause",
        ),
    ),
];

const ESCALATION: Fields = &[
    (
        "on",
        fewer(
            "people are told when the state of a task is {}",
            "people are no longer told when the state of a task is {}",
        ),
    ),
    ("ladder", Judged(people::ladder, &[])),
    (
        "deadline",
        Section(&[
            ("after", time("a task may wait for an answer for {}")),
            (
                "do",
                words(
                    &[
                        ("cancel", "a task that nobody answers for is stopped"),
                        ("hold", "a task that nobody answers for waits on"),
                    ],
                    "",
                ),
            ),
        ]),
    ),
];

/// One stage of a rollout, but for its name.
const STAGE: Fields = &[
    ("name", Field::Unordered("the stage is another")),
    ("repositories", most("the stage may reach {} repositories", NO_BOUND)),
    ("repeat", most("the task may run {} times on each repository of the stage", Absent::Is(1))),
    ("pull_request", Judged(gates::pull_request, &[])),
    (
        "soak",
        Field::Number(Number {
            told: "results of the stage are watched for {}",
            least: true,
            unit: Unit::Time,
            absent: Absent::Is(0),
        }),
    ),
    ("batch", most("{} repositories of the stage may be started at a time", NO_BOUND)),
    (
        "approve",
        words(
            &[("true", "a person must let the stage begin"), ("false", "the stage begins without a person's word")],
            "false",
        ),
    ),
];

/// What lets one stage follow another.
const GATES: Fields = &[
    ("min_samples", Judged(gates::min_samples, &[])),
    ("require", Judged(gates::require, &[])),
    ("abort_on", Judged(gates::abort_on, &[])),
];
