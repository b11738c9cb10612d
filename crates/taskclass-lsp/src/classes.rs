//! Which classes use a prompt file or a partial, and what a class draws in.

use std::collections::BTreeSet;

use taskclass_source::RegistryPath;
use taskclass_spec::paths;
use taskclass_spec::registry::class_paths;

use crate::prompt_text::{PromptText, partial, prompt_file};
use crate::template;
use crate::view::{FileKind, View};

/// The most files of templates that one class is followed into.
const MAX_FILES: usize = 60;

/// The files that the template in `view` draws in, transitively and without itself: the prompt file of a class, partials.
pub(crate) fn drawn_in(view: &View<'_>) -> BTreeSet<RegistryPath> {
    let mut found = BTreeSet::new();
    let mut open = direct(view);
    while let Some(path) = open.pop() {
        if found.len() < MAX_FILES
            && path != view.path
            && found.insert(path.clone())
            && let Some(file) = view.other(&path)
        {
            open.extend(direct(&file));
        }
    }
    found
}

fn direct(view: &View<'_>) -> Vec<RegistryPath> {
    let mut files = Vec::new();
    if view.kind == FileKind::Class {
        files.extend(view.node("prompt.file").and_then(|node| prompt_file(node.as_str()?)));
    }
    if let Some(text) = PromptText::of(view) {
        files.extend(template::includes(text.text()).into_iter().filter_map(|(name, _)| partial(name)));
    }
    files
}

/// The classes whose prompt is or draws in the file of `view`.
pub(crate) fn of_prompt<'a>(view: &View<'a>) -> Vec<View<'a>> {
    // Whoever draws a file in names it, so most classes need not be parsed.
    let names = names_leading_to(view);
    let named = |class: &View<'_>| names.iter().any(|name| class.source.text().contains(name.as_str()));
    let classes = class_paths(view.files).unwrap_or_default();
    let classes = classes.iter().filter_map(|path| view.other(path)).filter(named);
    classes.filter(|class| drawn_in(class).contains(&view.path)).collect()
}

/// The names, as templates and classes write them, of the file and of all prompt files that draw it in.
fn names_leading_to(view: &View<'_>) -> Vec<String> {
    let folder = paths::at(paths::PROMPTS);
    let mut files: Vec<View<'_>> =
        view.files.list(&folder).unwrap_or_default().iter().filter_map(|path| view.other(path)).collect();
    let name = |path: &RegistryPath| {
        let below = path.as_str().strip_prefix("task-classes/prompts/")?;
        // A class says `prompts/x.md`, a template `partials/x.md`.
        Some(if below.starts_with("partials/") { below.to_owned() } else { format!("prompts/{below}") })
    };
    let mut names: Vec<String> = name(&view.path).into_iter().collect();
    let mut next = 0;
    while let Some(wanted) = names.get(next).cloned() {
        let (using, rest): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.source.text().contains(&wanted));
        names.extend(using.iter().filter_map(|file| name(&file.path)).filter(|found| *found != wanted));
        files = rest;
        next += 1;
    }
    names
}

/// The classes that a question about a template is about: the class that it stands in, or those that draw the file in.
pub(crate) enum Around<'v, 'a> {
    Itself(&'v View<'a>),
    Drawing(Vec<View<'a>>),
}

impl<'a> Around<'_, 'a> {
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, View<'a>> {
        match self {
            Self::Itself(view) => std::slice::from_ref(*view).iter(),
            Self::Drawing(classes) => classes.iter(),
        }
    }
}

/// Those classes.
pub(crate) fn around<'v, 'a>(view: &'v View<'a>) -> Around<'v, 'a> {
    match view.kind {
        FileKind::Class => Around::Itself(view),
        FileKind::Prompt => Around::Drawing(of_prompt(view)),
        _ => Around::Drawing(Vec::new()),
    }
}
