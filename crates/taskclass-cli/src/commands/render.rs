//! `taskclass render`: the exact prompt and the exact request of a run, without sending.

use serde_json::{Value, json};
use taskclass_spec::{Registry, model::TaskClass, suggest};

use crate::{
    args::{Format, Global, Render},
    asked::Asked,
    exit::{Exit, Failure, Outcome},
    place,
    registry::{class_named, policy_of},
    ui::{Tone, Ui},
};

pub(crate) fn render(args: &Render, global: &Global, ui: &mut Ui) -> Outcome {
    let files = place::work_tree(global.registry.as_deref())?;
    let registry = Registry::load(&files).map_err(Failure::usage)?;
    let policy = policy_of(&registry.surroundings)?;
    let loaded = class_named(&registry, &args.name)?;
    let class = TaskClass::build(loaded, &policy, &files).map_err(|findings| {
        Failure::new(Exit::Findings, format!("`{}` has errors; nothing can be rendered", args.name)).findings(findings)
    })?;
    let asked = match &args.example {
        Some(name) => of_example(&class, name, args)?,
        None => Asked::read(&args.request, &class)?,
    };
    let body = asked.request(&class)?;
    let sent: Value = serde_json::from_slice(&body.to_body()).map_err(Failure::usage)?;
    let path = format!("/agents/repos/{}/tasks", asked.repository);
    if ui.format == Format::Json {
        ui.json(&json!({ "method": "POST", "path": path, "body": sent, "digest": class.digest().digest.to_string() }))?;
        return Ok(Exit::Fine);
    }
    ui.raw(&body.prompt);
    let mut rest = sent;
    if let Some(fields) = rest.as_object_mut() {
        fields.insert("prompt".to_owned(), json!(format!("the {} characters above", body.prompt.chars().count())));
    }
    ui.note(ui.paint_err(format!("\nPOST {path}"), Tone::Strong));
    ui.note(format!("{rest:#}"));
    ui.note(
        ui.paint_err(format!("{} version {}, {}", class.name(), class.version(), class.digest().digest), Tone::Dim),
    );
    Ok(Exit::Fine)
}

fn of_example(class: &TaskClass, name: &str, args: &Render) -> Result<Asked, Failure> {
    let examples = &class.written().examples;
    let Some(example) = examples.iter().find(|example| example.name.as_str() == name) else {
        let names: Vec<&str> = examples.iter().map(|example| example.name.as_str()).collect();
        let near = suggest::closest(name, names.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        return Err(Failure::usage(format!("`{}` has no example `{name}`", class.name()))
            .help(near.unwrap_or_else(|| format!("there are: {}", names.join(", ")))));
    };
    let model = args.request.model.as_ref().map(|model| model.parse()).transpose().map_err(Failure::usage)?;
    let base_ref = args.request.base_ref.as_ref().map(|name| name.parse()).transpose().map_err(Failure::usage)?;
    let asked = Asked::of_example(example);
    Ok(Asked { model, base_ref: base_ref.or_else(|| asked.base_ref.clone()), ..asked })
}
