//! `--fix`, `--unsafe-fixes` and `--diff`.

use similar::{ChangeTag, TextDiff};
use taskclass_lint::{Change, Linter, Report, Settled};
use taskclass_source::{Files, RegistryPath, Safety, WorkTree, text};

use super::{
    target::{Target, Whence, path_to},
    words::count,
};
use crate::{
    args::Lint,
    exit::Failure,
    ui::{Tone, Ui},
    write,
};

/// Applies the fixes that were asked for, or shows them; the report of what is left, and how many files change.
pub(super) fn run(
    args: &Lint,
    target: &Target,
    linter: &Linter<'_>,
    files: &WorkTree,
    ui: &mut Ui,
) -> Result<(Report, usize), Failure> {
    let safety = if args.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
    let Settled { changes, report, restless } =
        taskclass_lint::settle(linter, files, &target.scope, safety).map_err(Failure::usage)?;
    let folder = target.folder(Whence::Here)?;
    if args.diff {
        changes.iter().for_each(|change| show(&folder, change, ui));
    } else {
        apply(target, &folder, files, &changes, ui)?;
    }
    let applied: usize = changes.iter().map(|change| change.applied).sum();
    let (fixes, in_files) = (count(applied, "fix", "fixes"), count(changes.len(), "file", "files"));
    match (changes.is_empty(), args.diff) {
        (true, _) if restless.is_empty() => ui.note("nothing to fix"),
        (true, _) => {}
        (false, true) => ui.note(format!("{fixes} in {in_files}; nothing was written")),
        (false, false) if changes.len() > 1 => ui.note(format!("{fixes} in {in_files}")),
        (false, false) => {}
    }
    for path in restless {
        let path = shown(&folder, &path);
        ui.note(format!("{path}: its fixes undo each other; it is left as it was, to be fixed by hand"));
    }
    Ok((report, changes.len()))
}

/// Writes the files. If one of them is no longer what was read, none is written.
fn apply(target: &Target, folder: &str, files: &WorkTree, changes: &[Change], ui: &mut Ui) -> Result<(), Failure> {
    for change in changes {
        let now = files.read(&change.path).map_err(Failure::usage)?;
        if now.as_deref() != Some(change.before.as_bytes()) {
            let path = path_to(folder, &change.path);
            return Err(
                Failure::usage(format!("`{path}` changed while it was read; nothing was written")).help("run it again")
            );
        }
    }
    for change in changes {
        write::replace(&target.root.join(change.path.as_str()), change.after.as_bytes())?;
        ui.note(format!("{}: {}", shown(folder, &change.path), count(change.applied, "fix", "fixes")));
    }
    Ok(())
}

/// A changed file, from where a person stands, with nothing hidden in it.
fn shown(folder: &str, path: &RegistryPath) -> String {
    text::visible(&path_to(folder, path)).into_owned()
}

/// What changes in a file, as a unified diff with nothing hidden in it.
fn show(folder: &str, change: &Change, ui: &mut Ui) {
    let path = shown(folder, &change.path);
    let diff = TextDiff::from_lines(&change.before, &change.after);
    let head = ui.paint(format!("--- a/{path}\n+++ b/{path}"), Tone::Strong);
    ui.line(head);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        let head = ui.paint(hunk.header(), Tone::Dim);
        ui.line(head);
        for line in hunk.iter_changes() {
            let (sign, tone) = match line.tag() {
                ChangeTag::Delete => ('-', Some(Tone::Bad)),
                ChangeTag::Insert => ('+', Some(Tone::Good)),
                ChangeTag::Equal => (' ', None),
            };
            let whole = line.value();
            let text = format!("{sign}{}", text::visible_lines(whole.strip_suffix('\n').unwrap_or(whole)));
            let text = tone.map_or_else(|| text.clone(), |tone| ui.paint(&text, tone));
            ui.line(text);
            if line.missing_newline() {
                ui.line("\\ No newline at end of file");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::args::{ColorChoice, Format, Global};
    use taskclass_lint::Scope;

    fn change(path: &str, before: &str) -> Change {
        let path = RegistryPath::new(path).unwrap();
        Change { path, before: before.to_owned(), after: "after".to_owned(), applied: 1 }
    }

    #[test]
    fn nothing_is_written_if_one_file_is_not_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        for name in ["a.yaml", "b.yaml"] {
            fs::write(folder.path().join(name), "before").unwrap();
        }
        let files = WorkTree::open(folder.path()).unwrap();
        let target = Target { root: files.root().to_owned(), scope: Scope::All };
        let global =
            Global { registry: None, format: Format::Human, color: ColorChoice::Never, quiet: true, verbose: false };
        let mut ui = Ui::new(&global);
        let changes = [change("a.yaml", "before"), change("b.yaml", "what was read")];
        let failure = apply(&target, "x", &files, &changes, &mut ui).unwrap_err();
        assert!(failure.message.contains("`x/b.yaml` changed while it was read; nothing was written"));
        assert_eq!((text("a.yaml"), text("b.yaml")), ("before".to_owned(), "before".to_owned()));
        apply(&target, "", &files, &changes[..1], &mut ui).unwrap();
        assert_eq!((text("a.yaml"), text("b.yaml")), ("after".to_owned(), "before".to_owned()));
        fs::remove_file(folder.path().join("b.yaml")).unwrap();
        assert!(apply(&target, "", &files, &[change("b.yaml", "before")], &mut ui).is_err());
    }
}
