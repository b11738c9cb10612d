//! The built-in model catalogue: dated, because what GitHub offers changes and no endpoint lists it.

use std::sync::OnceLock;

use crate::{
    ModelId, SchemaKind,
    loaded::Loaded,
    paths,
    written::{Catalogue, CatalogueModel, ModelStatus, ModelsSchema},
};
use jiff::civil::Date;

/// The text of the built-in catalogue, as `models.yaml` would be written.
pub const BUILT_IN: &str = include_str!("catalogue/models.yaml");

/// The catalogue that this version of the program was built with.
pub fn built_in() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let path = paths::at(paths::MODELS);
        let loaded: Loaded<Catalogue> = Loaded::parse(SchemaKind::Models, &path, BUILT_IN.into());
        // A test reads it; were it broken all the same, an empty catalogue knows no model and so admits none.
        loaded.written.unwrap_or(Catalogue {
            schema: ModelsSchema::V1,
            as_of: Date::MIN,
            sources: vec![],
            models: vec![],
        })
    })
}

impl Catalogue {
    /// What is known of a model.
    pub fn model(&self, id: &ModelId) -> Option<&CatalogueModel> {
        self.models.iter().find(|model| model.id == *id)
    }
}

impl CatalogueModel {
    /// Whether it no longer answers on `today`.
    pub fn is_retired(&self, today: Date) -> bool {
        self.status == ModelStatus::Retired || self.retires.is_some_and(|date| date <= today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_is_sound_and_its_replacements_exist() {
        let catalogue = built_in();
        assert!(catalogue.models.len() > 10, "the built-in catalogue does not parse");
        for model in &catalogue.models {
            if let Some(replacement) = &model.replacement {
                assert!(catalogue.model(replacement).is_some(), "{} is replaced by an unknown model", model.id);
            }
            let dated = matches!(model.status, ModelStatus::Closing | ModelStatus::Retired);
            assert_eq!(dated, model.retires.is_some(), "{}", model.id);
        }
    }

    #[test]
    fn a_catalogues_texts_have_an_end() {
        let read = |display: usize, source: usize| {
            let (display, source) = ("x".repeat(display), "y".repeat(source));
            let text = format!(
                "schema: models/v1\nas_of: \"2026-11-01\"\nsources: [\"{source}\"]\n\
                 models: [{{id: auto, display: \"{display}\", status: available}}]\n"
            );
            let loaded: Loaded<Catalogue> =
                Loaded::parse(SchemaKind::Models, &paths::at(paths::MODELS), text.into_bytes());
            loaded.findings().iter().map(|finding| loaded.source.slice(finding.primary.span).len()).collect::<Vec<_>>()
        };
        assert_eq!(read(200, 200), [0; 0]);
        assert_eq!(read(201, 0), [2, 203]);
    }
}
