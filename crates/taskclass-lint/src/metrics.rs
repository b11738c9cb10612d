//! The measures that a rollout's gates can name.

/// What kind of number a measure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// A sum over tasks.
    Count,
    /// A value for each task: the bound holds for every one, or with `.p50` and `.p90` for a percentile.
    PerTask,
    /// A share of tasks, as a percentage.
    Rate,
}

/// All of them.
pub(crate) const METRICS: [(&str, Measure); 20] = [
    ("out_of_scope_files", Measure::PerTask),
    ("files_changed", Measure::PerTask),
    ("lines_changed", Measure::PerTask),
    ("review_comments", Measure::PerTask),
    ("credits", Measure::PerTask),
    ("hours_to_merge", Measure::PerTask),
    ("minutes_worked", Measure::PerTask),
    ("reverted", Measure::Count),
    ("unresolved", Measure::Count),
    ("over_budget", Measure::Count),
    ("accepted_rate", Measure::Rate),
    ("rejected_rate", Measure::Rate),
    ("inconclusive_rate", Measure::Rate),
    ("merged_rate", Measure::Rate),
    ("checks_failed_rate", Measure::Rate),
    ("reworked_rate", Measure::Rate),
    ("failed_rate", Measure::Rate),
    ("timed_out_rate", Measure::Rate),
    ("cancelled_rate", Measure::Rate),
    ("waiting_rate", Measure::Rate),
];

/// Every name that a gate can give, with what kind of number it is.
pub fn metric_names() -> impl Iterator<Item = (String, &'static str)> {
    METRICS.iter().flat_map(|(name, measure)| {
        let (kind, endings): (_, &[&str]) = match measure {
            Measure::Count => ("a sum over tasks", &[""]),
            Measure::PerTask => ("a number for each task", &["", ".p50", ".p90"]),
            Measure::Rate => ("a share of tasks, such as 20%", &[""]),
        };
        endings.iter().map(move |ending| (format!("{name}{ending}"), kind))
    })
}
