//! `models/v1`: the model catalogue, built in and dated; a registry's `models.yaml` replaces it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema_id;
use crate::ModelId;

schema_id!(ModelsSchema, "models/v1");

/// What is known of the models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The document's format and version.
    pub schema: ModelsSchema,
    /// The day on which it was true.
    #[schemars(with = "String", extend("format" = "date"))]
    pub as_of: Date,
    /// Where it was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// The models.
    pub models: Vec<CatalogueModel>,
}

/// One model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogueModel {
    /// The id that the API takes.
    pub id: ModelId,
    /// The name that GitHub's pages use.
    pub display: String,
    /// Where it is in its life.
    pub status: ModelStatus,
    /// The day from which it no longer answers, where announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub retires: Option<Date>,
    /// What GitHub suggests instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<ModelId>,
    /// How dear it is, among the models of the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
}

/// Where a model is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ModelStatus {
    /// Generally available.
    Available,
    /// A preview.
    Preview,
    /// Closing down: `retires` says when.
    Closing,
    /// No longer answers.
    Retired,
}

/// How dear a model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Price {
    /// Small and fast.
    Low,
    /// The usual.
    Medium,
    /// The dearest.
    High,
}
