//! `twin-files`: two files whose names differ only in upper and lower case.

use std::collections::{HashMap, HashSet};

use taskclass_source::{Label, RegistryPath, SourceFile};
use taskclass_spec::registry::paths;

use crate::context::RegistryContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Two files or folders whose names differ only in upper and lower case.
    ///
    /// ## What it does
    /// Compares the names below `task-classes/`, `approvals/` and `revocations/`.
    ///
    /// ## Why it matters
    /// On some machines the two are one file, and which one a reviewer sees is chance. The executor refuses a registry that holds
    /// such a pair.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: task-classes/prompts/small.md
    /// Change little.
    /// # file: task-classes/prompts/Small.md
    /// Change much.
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: task-classes/prompts/small.md
    /// Change little.
    /// # file: task-classes/prompts/large.md
    /// Change much.
    /// ```
    name: "twin-files", family: Syntax, level: Error, hold: Format, check: Registry(check)
}

fn check(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    // Where classes are looked at one by one, so are their files.
    if !cx.is_whole() {
        return;
    }
    let mut told = HashSet::new();
    for folder in [paths::CLASSES, paths::APPROVALS, paths::REVOCATIONS] {
        let Ok(all) = cx.files.list(&paths::at(folder)) else { continue };
        // Of two such names at least one has a letter that is not lower-case; hardly ever is there one.
        if !all.iter().any(|path| path.as_str().chars().any(|c| !c.is_lowercase() && c.is_alphabetic())) {
            continue;
        }
        let mut first: HashMap<String, &str> = HashMap::new();
        for name in all.iter().flat_map(names) {
            let twin = *first.entry(name.to_lowercase()).or_insert(name);
            if twin == name {
                continue;
            }
            // Below a folder with a twin everything has one.
            let parent = |name: &str| name.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
            if parent(twin) == parent(name) && told.insert(name.to_owned()) {
                let source = SourceFile::new(name, "");
                let message = format!("`{name}` and `{twin}` differ only in upper and lower case");
                sink.report(Label::mark(&source, source.whole()), message, |finding| {
                    finding.with_help("keep one of the two, and write names in lower case")
                });
            }
        }
    }
}

/// A path and the folders on the way to it, those first.
fn names(path: &RegistryPath) -> impl Iterator<Item = &str> {
    let path = path.as_str();
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    folders.chain(std::iter::once(path))
}
