//! `version-not-raised`: the content differs from where the change starts, and the version does not rise.

use taskclass_source::{Fix, Label, Path, SourceFile};
use taskclass_spec::written::TaskClass;
use taskclass_spec::{Loaded, model};

use crate::common::{replace_scalar, with_fix};
use crate::context::{BaseRegistry, ClassContext};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The content differs from where the change starts, and the version does not rise.
    ///
    /// ## What it does
    /// With `--base REV`, compares each class with the one at that revision: its digest, which covers the prompt's file and the
    /// partials, and its version. A version that falls is reported as well. Without a base the rule is silent.
    ///
    /// ## Why it matters
    /// Logs, approvals and reports name a class by its version. Two contents under one cannot be told apart afterwards.
    ///
    /// ## Bad
    /// ```yaml
    /// version: 3
    ///          ^
    /// title: Change one thing, and well
    /// # file: task-classes/example.yaml@main
    /// version: 3
    /// title: Change one thing
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// version: 4
    /// title: Change one thing, and well
    /// # file: task-classes/example.yaml@main
    /// version: 3
    /// title: Change one thing
    /// ```
    name: "version-not-raised", family: Identity, level: Error, hold: Free, check: Class(check)
}

/// The class at the base and its version there, if the version should have risen since.
pub(super) fn not_raised<'c>(cx: &'c ClassContext<'_>) -> Option<(&'c Loaded<TaskClass>, u32)> {
    let (base, version) = (cx.shared.base.as_ref()?, *cx.class.version?);
    let before = cx.before.as_ref()?;
    let version_before = before.written.as_ref()?.version;
    let stands = version < version_before || (version == version_before && differs(cx, base, before));
    stands.then_some((before, version_before))
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(base), Some(version)) = (&cx.shared.base, cx.class.version) else { return };
    let Some((before, version_before)) = not_raised(cx) else { return };
    let message = if *version < version_before {
        format!("the version falls from {version_before} to {version}")
    } else {
        format!("the content has changed, and the version is still {version}")
    };
    let next = version_before + 1;
    let at = cx.at("version");
    let fix =
        replace_scalar(&at, &next.to_string()).map(|edit| Fix::safe(format!("raise `version` to {next}"), vec![edit]));
    sink.report(at.value(""), message, |mut finding| {
        if let Some(root) = &before.root {
            let shown = SourceFile::new(format!("{}@{}", before.path, base.name), before.source.text());
            let span = root.locate(&Path::root().key("version")).value_span;
            finding = finding.with_label(Label::new(&shown, span, format!("{version_before} at {}", base.name)));
        }
        for path in changed_files(cx, base) {
            finding = finding.with_note(format!("`{path}`, which the prompt draws in, has changed"));
        }
        with_fix(finding.with_help(format!("write `version: {next}`")), fix)
    });
}

/// Whether the content is another one than before: by digest, or by what is written where one of the two has none.
fn differs(cx: &ClassContext<'_>, base: &BaseRegistry<'_>, before: &Loaded<TaskClass>) -> bool {
    if before.source.text() == cx.document.source.text() && changed_files(cx, base).is_empty() {
        return false;
    }
    let digest_before = || {
        let template = model::compile(before, base.files).ok()?;
        model::digest(before.root.as_ref()?, &template).ok()
    };
    match (cx.digest(), digest_before()) {
        (Some(now), Some(before)) => now != before.digest,
        _ => {
            let json = |root: Option<&taskclass_source::Node>| root.map(taskclass_source::Node::to_json);
            json(cx.document.root) != json(before.root.as_ref()) || !changed_files(cx, base).is_empty()
        }
    }
}

/// The files drawn in by the prompt that are other ones at the base.
fn changed_files(cx: &ClassContext<'_>, base: &BaseRegistry<'_>) -> Vec<String> {
    let Some(template) = cx.prompt.template() else { return Vec::new() };
    let same = |path: &str, text: &str| {
        let path = taskclass_source::RegistryPath::new(path).ok()?;
        Some(base.files.read(&path).ok()??.as_slice() == text.as_bytes())
    };
    let changed = template.files().filter(|file| same(file.path(), file.text()) != Some(true));
    changed.map(|file| file.path().to_owned()).collect()
}
