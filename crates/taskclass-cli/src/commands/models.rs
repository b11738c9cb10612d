//! `taskclass models`: the model catalogue that counts here, with dates.

use taskclass_spec::{catalogue, registry::Surroundings, written::ModelStatus};

use crate::{
    args::{Format, Global},
    exit::{Exit, Failure, Outcome},
    place,
    ui::{Tone, Ui},
};

pub(crate) fn models(global: &Global, ui: &mut Ui) -> Outcome {
    // Outside a registry the built-in catalogue is still worth a look.
    let registry = match place::work_tree(global.registry.as_deref()) {
        Ok(files) => Some(Surroundings::load(&files)),
        Err(failure) if global.registry.is_some() => return Err(failure),
        Err(_) => None,
    };
    let own = registry.as_ref().filter(|registry| registry.own_catalogue.is_some());
    if let Some(broken) = own.and_then(|registry| registry.own_catalogue.as_ref()) {
        broken.checked().map_err(|findings| Failure::usage("models.yaml is not sound").findings(findings))?;
    }
    let catalogue = match own {
        Some(registry) => registry.catalogue(),
        None => catalogue::built_in(),
    };
    if ui.format == Format::Json {
        ui.json(catalogue)?;
        return Ok(Exit::Fine);
    }
    let width = catalogue.models.iter().map(|model| model.id.as_str().len()).max().unwrap_or(0);
    for model in &catalogue.models {
        let retires = model.retires.map(|date| date.to_string()).unwrap_or_default();
        let (word, tone) = match model.status {
            ModelStatus::Available => ("available", Tone::Good),
            ModelStatus::Preview => ("preview", Tone::Attention),
            ModelStatus::Closing => ("closing", Tone::Attention),
            ModelStatus::Retired => ("retired", Tone::Dim),
        };
        let status = ui.paint(format!("{word:<9}"), tone);
        let replacement = model.replacement.as_ref().map(|id| format!("→ {id}")).unwrap_or_default();
        let line =
            format!("{:width$}  {status}  {retires:10}  {:<22}  {replacement}", model.id.as_str(), model.display);
        ui.line(line.trim_end());
    }
    let origin = if own.is_some() { "models.yaml of this registry" } else { "built in" };
    ui.note(format!(
        "{} models as of {}, {origin}; `models.yaml` in a registry replaces the built-in list",
        catalogue.models.len(),
        catalogue.as_of
    ));
    Ok(Exit::Fine)
}
