//! The table of a policy: every field and how it is ordered.

use super::fields::{Field, Fields, NO_BOUND, least, more, most, time};
use super::lists::More;
use super::models;
use super::patterns::{Kind, Patterns, Told};

use Field::{Judged, Neutral, Rewrites, Section};

const fn deny(kind: Kind, told: Told) -> Field {
    Field::Patterns(Patterns { kind, more: More::Narrows, beside: None, told })
}

/// A policy.
pub(super) const POLICY: Fields = &[
    ("schema", Field::Unordered("the document is of another format")),
    ("registry", Field::Unordered("the registry is another: approvals that name the old one do not count")),
    (
        "models",
        Section(&[
            ("allow", more("classes may use the model {}", "no class may use the model {} any more")),
            ("sensitive", Judged(models::sensitive, SENSITIVE)),
        ]),
    ),
    (
        "repositories",
        Section(&[(
            "deny",
            deny(
                Kind::Repository,
                Told {
                    came: "no class may run in repositories that match {}",
                    went: "repositories that match {} are no longer out of bounds for all classes",
                },
            ),
        )]),
    ),
    (
        "paths",
        Section(&[(
            "deny",
            deny(
                Kind::Path,
                Told {
                    came: "no result of any class may touch files that match {}",
                    went: "files that match {} are no longer kept from the results of all classes",
                },
            ),
        )]),
    ),
    (
        "approvals",
        Section(&[
            (
                "quorum",
                Section(&[
                    ("low", least("a class of low risk needs the approval of {} people", 0)),
                    ("medium", least("a class of medium risk needs the approval of {} people", 0)),
                    ("high", least("the policy and a class of high risk need the approval of {} people", 0)),
                ]),
            ),
            ("max_age", time("an approval may count for {}")),
            ("warn_before", Neutral("lint warns at another time before an approval ends")),
        ]),
    ),
    (
        "maxima",
        Section(&[
            ("per_task", most("a task of any class may spend {} credits", NO_BOUND)),
            ("per_day", most("all classes together may spend {} credits in a day", NO_BOUND)),
            ("submissions_per_hour", most("{} tasks of all classes may be started in an hour", NO_BOUND)),
            ("in_flight", most("{} tasks of all classes may be under way at once", NO_BOUND)),
            ("open_pull_requests", most("{} pull requests of all classes may be open at once", NO_BOUND)),
            ("stage_repositories", most("a rollout stage may reach {} repositories", NO_BOUND)),
            ("run", time("an agent may work for {}")),
        ]),
    ),
    ("free_reach", most("a class may reach {} repositories without a rollout", NO_BOUND)),
    (
        "reserve",
        Section(&[(
            "critical",
            Field::Unordered(
                "another share of rate and capacity is kept for critical work: what one gains others lose",
            ),
        )]),
    ),
    (
        "escalation",
        Section(&[
            (
                "repository",
                Field::Unordered("what issues tell of tasks goes to another repository when the target takes none"),
            ),
            ("owner", Rewrites("somebody else answers when a class's own owners do not")),
        ]),
    ),
    (
        "tokens",
        Section(&[
            (
                "kinds",
                more(
                    "the executor may run with a token of the kind {}",
                    "the executor may no longer run with a token of the kind {}",
                ),
            ),
            ("max_age", time("a token may end {} from now")),
        ]),
    ),
    ("lint", Section(&[("levels", Judged(super::words::levels, &[]))])),
];

/// What counts for sensitive repositories.
const SENSITIVE: Fields = &[
    (
        "repositories",
        deny(
            Kind::Repository,
            Told {
                came: "repositories that match {} count as sensitive",
                went: "repositories that match {} no longer count as sensitive",
            },
        ),
    ),
    (
        "allow",
        more(
            "the model {} may work in sensitive repositories",
            "the model {} may no longer work in sensitive repositories",
        ),
    ),
];
