//! Documents as written, field for field: what serde reads and what the JSON Schemas describe.
//!
//! A field's doc comment is its description in the schema and in the editor. Fields that may be left out are `Option`
//! or have a default here; nothing else is filled in at this level.

mod approval;
mod executor;
mod form;
mod inputs;
mod models;
mod operation;
mod policy;
mod result;
mod rollout;
mod several_types;
mod task_class;

pub use approval::{ApprovalRecord, BREAK_GLASS_LIFE, DocumentKind, RevocationRecord, Revoked};
pub use executor::{
    ExecutorConfig, GithubConfig, Notify, Otlp, Prometheus, RegistryConfig, Retention, Secret, Telemetry, WatchConfig,
    Webhook,
};
pub use inputs::{Example, Expect, Input, InputValue, ItemType, Prompt};
pub use models::{Catalogue, CatalogueModel, ModelStatus, Price};
pub use operation::{
    AfterDeadline, Budget, Deadline, Escalation, EscalationTrigger, InFlight, Limits, Notice, OnExceeded,
    OpenPullRequests, Priority, Rung, Submissions, Timeouts,
};
pub use policy::{
    Approvals, Lint, LintLevel, Maxima, Policy, PolicyEscalation, PolicyModels, PolicyPaths, PolicyRepositories,
    PolicyTokens, Quorum, Reserve, SensitiveModels, TokenKind,
};
pub use result::{CreatePullRequest, EmptyResult, OnRejected, Paths, PullRequest, Validation};
pub use rollout::{Callers, Gate, Gates, Rollout, Stage, Threshold};
pub use task_class::{BaseRef, Intent, Model, ModelOverride, Repositories, Require, Risk, TaskClass, Visibility};

/// What counts where a document says nothing: one.
fn one() -> u32 {
    1
}

/// Declares the one accepted value of a document's `schema` field.
macro_rules! schema_id {
    ($name:ident, $text:literal) => {
        #[doc = concat!("The document's format and version: `", $text, "`.")]
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        #[schemars(inline)]
        pub enum $name {
            #[doc = concat!("`", $text, "`")]
            #[default]
            #[serde(rename = $text)]
            V1,
        }
    };
}
pub(crate) use approval::{CommitId, Note, Reason};
pub(crate) use form::{Form, Number};
use schema_id;
pub use {
    approval::{ApprovalSchema, RevocationSchema},
    executor::ExecutorSchema,
    models::ModelsSchema,
    policy::PolicySchema,
    task_class::TaskClassSchema,
};
