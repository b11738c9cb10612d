//! The linter: rules, one file each; suppressions; fixes; report formats.
//!
//! [`Linter::lint`] gives a [`Report`]: findings with every place involved, in a stable order. [`render`] makes text of it,
//! [`fix::apply`] makes new files of its fixes and [`settle()`] goes on until none is left, a [`baseline`] holds back what was
//! known. [`rules::catalogue`] lists the rules; their documentation, `explain`, the manual's pages and the tests all come from
//! one declaration a rule.

mod absent;
mod approvals;
mod bounds;
mod budgets;
mod common;
mod context;
mod executor_facts;
mod linter;
mod metrics;
mod models;
mod patterns;
mod phrases;
mod reach;
mod report;
mod rule;
mod scope;
mod settle;
mod spelling;
mod suppress;
mod trust;

pub mod baseline;
pub mod explain;
pub mod fingerprint;
pub mod fix;
pub mod render;
pub mod rules;

pub use executor_facts::{ExecutorFacts, Spent};
pub use linter::Linter;
pub use metrics::metric_names;
pub use report::{Checked, Counts, FailOn, Report};
pub use rule::{Family, Hold, Rule};
pub use scope::Scope;
pub use settle::{Change, Settled, settle};
