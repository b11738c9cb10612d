//! Documents as written, field for field: what serde reads and what the JSON Schemas describe.
//!
//! A field's doc comment is its description in the schema and in the editor. Fields that may be left out are `Option`
//! or have a default here; nothing else is filled in at this level.

mod approval;
mod executor;
mod models;
mod policy;
mod task_class;

pub use approval::{ApprovalRecord, DocumentKind, RevocationRecord, Revoked};
pub use executor::{ExecutorConfig, GithubConfig, Notify, RegistryConfig, Secret, WatchConfig, Webhook};
pub use models::{Catalogue, CatalogueModel, ModelStatus, Price};
pub use policy::{
    Approvals, Lint, LintLevel, Maxima, Policy, PolicyEscalation, PolicyModels, PolicyPaths, PolicyRepositories,
    PolicyTokens, Quorum, Reserve, SensitiveModels, TokenKind,
};
pub use task_class::{
    AfterDeadline, BaseRef, Budget, Callers, CreatePullRequest, Deadline, EmptyResult, Escalation, EscalationTrigger,
    Example, Expect, Gate, Gates, InFlight, Input, InputValue, Intent, ItemType, Limits, Model, ModelOverride, Notice,
    OnExceeded, OnRejected, OpenPullRequests, Paths, Priority, Prompt, PullRequest, Repositories, Require, Risk,
    Rollout, Rung, Stage, Submissions, TaskClass, Threshold, Timeouts, Validation, Visibility,
};

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
use schema_id;
pub use {
    approval::{ApprovalSchema, RevocationSchema},
    executor::ExecutorSchema,
    models::ModelsSchema,
    policy::PolicySchema,
    task_class::TaskClassSchema,
};
