//! `taskclass new`: a class file to fill in.

use taskclass_spec::{ClassName, Registry, registry::paths};

use super::init::write_new;
use crate::{
    args::{Global, New},
    exit::{Exit, Failure, Outcome},
    place,
    registry::class_named,
    ui::{Tone, Ui},
};

/// The least that a class needs. What stands in capitals is to be filled in; the linter points at it.
const SHORT: &str = include_str!("new/short.yaml");

pub(crate) fn new(args: &New, global: &Global, ui: &mut Ui) -> Outcome {
    let name: ClassName = args.name.parse().map_err(Failure::usage)?;
    let root = place::registry_root(global.registry.as_deref())?;
    let registry = Registry::load(&place::work_tree(global.registry.as_deref())?).map_err(Failure::usage)?;
    let text = match &args.from {
        None => SHORT.replace("CLASS_NAME", name.as_str()),
        Some(from) => renamed(class_named(&registry, from)?.source.text(), &name),
    };
    let path = root.join(paths::CLASSES).join(format!("{name}.yaml"));
    write_new(&path, &text).map_err(|error| {
        let failure = Failure::usage(format!("`{}` cannot be written: {error}", path.display()));
        if path.exists() { failure.help("a class of that name exists; choose another, or edit it") } else { failure }
    })?;
    let here = std::env::current_dir().unwrap_or_default();
    let shown = path.strip_prefix(&here).unwrap_or(&path).display();
    ui.line(format!("{} {shown}", ui.paint("wrote", Tone::Dim)));
    ui.note(format!("Next: fill it in, then\n  taskclass lint {shown}"));
    Ok(Exit::Fine)
}

/// A copy under another name, as a first version. Only the two top-level lines change, so comments and layout stay.
fn renamed(text: &str, name: &ClassName) -> String {
    let line = |line: &str| match line.split_once(':') {
        Some(("name", _)) => format!("name: {name}\n"),
        Some(("version", _)) => "version: 1\n".to_owned(),
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(line).collect()
}
