//! Renaming an input: its declaration, its values in examples, its uses in the template and in what that draws in.

use taskclass_source::text::quoted;
use taskclass_source::{Edit, Span};
use taskclass_spec::InputName;

use crate::classes;
use crate::navigate::{Named, Role, input_sites, named};
use crate::view::View;

/// Words that not every reader of YAML takes for text.
const AMBIGUOUS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// The input whose name stands at `offset`, and where, if it is one that a class declares.
pub(crate) fn prepare(view: &View<'_>, offset: usize) -> Option<(String, Span)> {
    let Some(Named::Input(name, span)) = named(view, offset) else { return None };
    // A loop's variable stands for an input but has a name of its own.
    let written = view.source.slice(span).trim_matches(['"', '\'']) == name;
    let declared = classes::around(view).iter().any(|class| class.input(&name).is_some());
    (written && declared).then_some((name, span))
}

/// The edits that give the input at `offset` the name `new`.
///
/// # Errors
/// Why it cannot be done, in a sentence.
pub(crate) fn edits(view: &View<'_>, offset: usize, new: &str) -> Result<Vec<Edit>, String> {
    let (name, _) = prepare(view, offset).ok_or("there is no input here that can be renamed")?;
    let new: InputName =
        new.parse().map_err(|_| format!("{} is no name for an input: {}", quoted(new), InputName::EXPECTED))?;
    let classes = classes::around(view);
    let declaring: Vec<&View<'_>> = classes.iter().filter(|class| class.input(&name).is_some()).collect();
    let class = match declaring.as_slice() {
        [only] => *only,
        [] => return Err("no class declares it".to_owned()),
        [first, second, ..] => return Err(shared(&name, first, second)),
    };
    if class.input(new.as_str()).is_some() {
        return Err(format!("{} has an input `{new}` already", quoted(class.path.as_str())));
    }
    let sites = input_sites(class, &name);
    // A file that others draw in as well must go on meaning the same to them.
    for (_, target) in &sites {
        if target.source.path() == class.path.as_str() {
            continue;
        }
        let file = taskclass_source::RegistryPath::new(target.source.path()).ok().and_then(|path| class.other(&path));
        let others =
            file.iter().flat_map(classes::of_prompt).find(|o| o.path != class.path && o.input(&name).is_some());
        if let Some(other) = others {
            return Err(shared(&name, class, &other));
        }
    }
    let edit = |(role, target): (Role, crate::navigate::Target)| {
        let old = target.source.slice(target.span);
        let quote = old.chars().next().filter(|c| matches!(c, '"' | '\''));
        let quote = quote.or((role != Role::Template && AMBIGUOUS.contains(&new.as_str())).then_some('"'));
        let text = quote.map_or_else(|| new.to_string(), |quote| format!("{quote}{new}{quote}"));
        Edit::new(&target.source, target.span, text)
    };
    Ok(sites.into_iter().map(edit).collect())
}

fn shared(name: &str, first: &View<'_>, second: &View<'_>) -> String {
    format!(
        "`{name}` is an input of both {} and {}, which share a template; rename it in each by hand",
        quoted(first.path.as_str()),
        quoted(second.path.as_str())
    )
}
