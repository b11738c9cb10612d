//! From a use to what it names, and back: inputs, partials, prompt files, models, stages, repositories.

use std::sync::Arc;

use taskclass_source::{Node, Path, SourceFile, Span};
use taskclass_spec::{RepoName, paths};

use crate::classes;
use crate::domains::{self, Domain};
use crate::prompt_text::{PromptText, partial, prompt_file};
use crate::spot::{self, Spot};
use crate::template::{self, TagKind, TokenKind};
use crate::view::{FileKind, View};

/// A place in a file of the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) source: Arc<SourceFile>,
    pub(crate) span: Span,
}

/// What the cursor names.
pub(crate) enum Named {
    /// An input, with the place of its name.
    Input(String, Span),
    /// A partial or a prompt file.
    File(taskclass_source::RegistryPath),
    Model(String),
    Stage(String),
    Repository(String),
}

/// What is named at `offset`.
pub(crate) fn named(view: &View<'_>, offset: usize) -> Option<Named> {
    if let Some((prompt, place)) = PromptText::at(view, offset) {
        return in_template(&prompt, place);
    }
    if view.kind == FileKind::Prompt {
        return None;
    }
    match spot::at(view.root(), &view.parsed().comments, offset)? {
        Spot::Comment(_) => None,
        Spot::Key(path, key) => {
            let section = path.parent()?;
            let name = key.text.to_string();
            match domains::of_keys(view.kind, &section) {
                Some(Domain::Input) => Some(Named::Input(name, key.span)),
                Some(Domain::Stage) => Some(Named::Stage(name)),
                _ if is_declaration(view, &path) => Some(Named::Input(name, key.span)),
                _ => None,
            }
        }
        Spot::Scalar(path, node) => {
            let text = node.as_str()?.to_owned();
            match domains::of_value(view.kind, &path)? {
                Domain::Model => Some(Named::Model(text)),
                Domain::PromptFile => prompt_file(&text).map(Named::File),
                Domain::Repository => Some(Named::Repository(text)),
                _ => None,
            }
        }
    }
}

/// Whether `path` is an input's declaration.
fn is_declaration(view: &View<'_>, path: &Path) -> bool {
    view.kind == FileKind::Class
        && path.segments().len() == 2
        && path.parent().is_some_and(|parent| parent.to_string() == "inputs")
}

fn in_template(prompt: &PromptText, offset: usize) -> Option<Named> {
    let text = prompt.text();
    if let Some((name, _)) = template::includes(text).into_iter().find(|(_, at)| at.start <= offset && offset <= at.end)
    {
        return partial(name).map(Named::File);
    }
    if let Some((name, at)) = template::inputs(text).into_iter().find(|(_, at)| at.start <= offset && offset <= at.end)
    {
        return Some(Named::Input(name.to_owned(), prompt.span(at)));
    }
    // A loop's variable stands for the values of its input.
    let tag = template::tags(text).into_iter().find(|tag| tag.inner.start <= offset && offset <= tag.inner.end)?;
    let tokens = template::tokens(text, tag.inner.clone());
    let word = tokens.iter().find(|token| token.range.start <= offset && offset <= token.range.end)?;
    if tag.kind == TagKind::Comment || word.kind != TokenKind::Word {
        return None;
    }
    let loops = template::loops(text, offset);
    let (_, input) = loops.iter().rev().find(|(variable, _)| *variable == word.text(text))?;
    Some(Named::Input((*input)?.to_owned(), prompt.span(word.range.clone())))
}

/// Where what is named at `offset` is declared or kept.
pub(crate) fn definition(view: &View<'_>, offset: usize) -> Vec<Target> {
    match named(view, offset) {
        Some(Named::Input(name, _)) => {
            let classes = classes::around(view);
            let place = |class: &View<'_>| Some(target(class, class.input(&name)?.entry.key.span));
            classes.iter().filter_map(place).collect()
        }
        Some(Named::File(path)) => view.other(&path).map(|file| target(&file, Span::at(0))).into_iter().collect(),
        Some(Named::Model(id)) => model(view, &id).into_iter().collect(),
        Some(Named::Stage(name)) => stage(view, &name).into_iter().collect(),
        Some(Named::Repository(name)) => repository(view, &name).into_iter().collect(),
        None => Vec::new(),
    }
}

fn target(view: &View<'_>, span: Span) -> Target {
    Target { source: Arc::clone(&view.source), span }
}

/// The catalogue's entry, if the registry has a catalogue of its own.
fn model(view: &View<'_>, id: &str) -> Option<Target> {
    let own = view.own_catalogue()?;
    let models = own.root.as_ref()?.at("models")?.value.as_seq()?;
    let entry = models.iter().find_map(|model| model.get("id").filter(|node| node.as_str() == Some(id)))?;
    Some(Target { source: Arc::clone(&own.source), span: entry.span })
}

fn stage(view: &View<'_>, name: &str) -> Option<Target> {
    let stages = view.node("rollout.stages")?.as_seq()?;
    let node = stages.iter().find_map(|stage| stage.get("name").filter(|node| node.as_str() == Some(name)))?;
    Some(target(view, node.span))
}

fn repository(view: &View<'_>, name: &str) -> Option<Target> {
    let inventory = view.inventory()?;
    let span = inventory.place(&name.parse::<RepoName>().ok()?)?;
    Some(Target { source: Arc::clone(inventory.source()), span })
}

/// What a place has to do with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Declaration,
    Example,
    Template,
}

/// Every place of `class` and of what it draws in that names its input `name`.
pub(crate) fn input_sites(class: &View<'_>, name: &str) -> Vec<(Role, Target)> {
    let mut sites = Vec::new();
    if let Some(declared) = class.input(name) {
        sites.push((Role::Declaration, target(class, declared.entry.key.span)));
    }
    for example in class.node("examples").and_then(Node::as_seq).unwrap_or_default() {
        let key =
            example.get("inputs").and_then(Node::as_map).and_then(|map| map.entry(name)).map(|entry| entry.key.span);
        sites.extend(key.map(|span| (Role::Example, target(class, span))));
    }
    template_sites(class, name, &mut sites);
    for path in classes::drawn_in(class) {
        if let Some(file) = class.other(&path) {
            template_sites(&file, name, &mut sites);
        }
    }
    sites
}

fn template_sites(view: &View<'_>, name: &str, sites: &mut Vec<(Role, Target)>) {
    let Some(prompt) = PromptText::of(view) else { return };
    for (found, range) in template::inputs(prompt.text()) {
        if found == name {
            sites.push((Role::Template, target(view, prompt.span(range))));
        }
    }
}

/// Every use of what is named at `offset`; with `declaration` also where it is declared.
pub(crate) fn references(view: &View<'_>, offset: usize, declaration: bool) -> Vec<Target> {
    let mut found = match named(view, offset) {
        Some(Named::Input(name, _)) => {
            let classes = classes::around(view);
            let sites = classes.iter().flat_map(|class| input_sites(class, &name));
            sites.filter(|(role, _)| declaration || *role != Role::Declaration).map(|(_, target)| target).collect()
        }
        Some(Named::File(path)) => uses_of_file(view, &path),
        _ => Vec::new(),
    };
    found.sort_by(|a, b| (a.source.path(), a.span).cmp(&(b.source.path(), b.span)));
    found.dedup();
    found
}

/// Where classes and templates name the file at `path`.
fn uses_of_file(view: &View<'_>, path: &taskclass_source::RegistryPath) -> Vec<Target> {
    let mut found = Vec::new();
    for file in view.files.list(&paths::at(paths::CLASSES)).unwrap_or_default() {
        let Some(file) =
            view.other(&file).filter(|file| path.file_name().is_some_and(|n| file.source.text().contains(n)))
        else {
            continue;
        };
        if let Some(node) = file.node("prompt.file").filter(|_| file.kind == FileKind::Class)
            && node.as_str().and_then(prompt_file).as_ref() == Some(path)
        {
            found.push(target(&file, node.span));
        }
        let Some(prompt) = PromptText::of(&file) else { continue };
        let uses =
            template::includes(prompt.text()).into_iter().filter(|(name, _)| partial(name).as_ref() == Some(path));
        found.extend(uses.map(|(_, range)| target(&file, prompt.span(range))));
    }
    found
}
