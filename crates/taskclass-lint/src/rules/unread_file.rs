//! `unread-file`: a file among the classes that is none and is read by nobody.

use taskclass_source::{Label, SourceFile};
use taskclass_spec::paths;

use crate::context::RegistryContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A file among the classes that is none and is read by nobody.
    ///
    /// ## What it does
    /// Reports YAML and JSON below `task-classes/` that is no class: `.yml`, `.YAML`, `.json`, or in a folder. A class is
    /// `task-classes/NAME.yaml`.
    ///
    /// ## Why it matters
    /// Nothing in it is checked, signed or run, and who wrote it believes that it is.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: task-classes/tidy.yml
    /// schema: task-class/v1
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: task-classes/README.md
    /// What our classes are for.
    /// ```
    name: "unread-file", family: Syntax, level: Warning, hold: Free, check: Registry(check)
}

fn check(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    // Where classes are looked at one by one, so are their files.
    if !cx.is_whole() {
        return;
    }
    for path in cx.files.list(&paths::at(paths::CLASSES)).unwrap_or_default() {
        let Some(below) = path.as_str().strip_prefix(paths::CLASSES).and_then(|rest| rest.strip_prefix('/')) else {
            continue;
        };
        let (stem, ending) = below.rsplit_once('.').unwrap_or((below, ""));
        let looks_like_one = ["yaml", "yml", "json"].iter().any(|known| ending.eq_ignore_ascii_case(known));
        if !looks_like_one || (ending == "yaml" && !below.contains('/')) {
            continue;
        }
        let name = stem.rsplit_once('/').map_or(stem, |(_, name)| name);
        let source = SourceFile::new(path.as_str(), "");
        let message = format!("`{path}` is read as nothing: a class is `{}/NAME.yaml`", paths::CLASSES);
        sink.report(Label::mark(&source, source.whole()), message, |finding| {
            finding.with_help(format!(
                "move it to `{}/{name}.yaml` if it is a class, or out of the folder",
                paths::CLASSES
            ))
        });
    }
}
