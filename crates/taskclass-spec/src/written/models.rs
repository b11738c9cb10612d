//! `models/v1`: the model catalogue, built in and dated; a registry's `models.yaml` replaces it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::{ANY, Form, Items, Maybe, Text};
use super::schema_id;
use crate::ModelId;

schema_id!(ModelsSchema, "models/v1");

/// What is known of the models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The document's format and version.
    pub schema: ModelsSchema,
    /// The day on which all this was true; lint warns when it is long ago.
    #[schemars(with = "String", extend("format" = "date"))]
    pub as_of: Date,
    /// The pages where it was read.
    #[serde(default, with = "Items::<Text<1, 200>, 0, ANY>", skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// The models that a class or a policy may name.
    pub models: Vec<CatalogueModel>,
}

/// One model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogueModel {
    /// The id that the API takes.
    pub id: ModelId,
    /// The name that GitHub's pages use.
    #[serde(with = "Text::<1, 200>")]
    pub display: String,
    /// Where the model is in its life.
    pub status: ModelStatus,
    /// The day from which the model no longer answers, where it is announced.
    #[serde(default, with = "Maybe::<Date>", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub retires: Option<Date>,
    /// The model that GitHub suggests instead; a fix writes it.
    #[serde(default, with = "Maybe::<ModelId>", skip_serializing_if = "Option::is_none")]
    pub replacement: Option<ModelId>,
    /// How dear the model is among those of the catalogue; lint holds it against risk and scope.
    #[serde(default, with = "Maybe::<Price>", skip_serializing_if = "Option::is_none")]
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
