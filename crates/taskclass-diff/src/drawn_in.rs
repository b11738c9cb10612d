//! The files that a class's prompt draws in: which of them came, went or say something else.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;
use taskclass_source::{Path, RegistryPath, SourceFile, Span, text::quoted};
use taskclass_spec::model::TaskClass;

use crate::{Cause, Change, Effect, Place, Written};

/// One change for each file that is not drawn in alike on both sides; each that a new class draws in.
pub(crate) fn changes(before: Option<&TaskClass>, after: &TaskClass) -> Vec<Change> {
    let (was, is) = (before.map(files).unwrap_or_default(), files(after));
    let mut changes = Vec::new();
    for (path, old) in &was {
        match is.get(path) {
            Some(new) if new.text() == old.text() => {}
            Some(new) => {
                let what = format!("tasks are told something else by {}", quoted(path));
                let (old_span, new_span) = differing(old.text(), new.text());
                changes.extend(change(path, what, Some(written(old, old_span)), Some(written(new, new_span))));
            }
            None => {
                let what = format!("tasks are no longer told what {} says", quoted(path));
                changes.extend(change(path, what, Some(written(old, old.whole())), None));
            }
        }
    }
    for (path, new) in is.iter().filter(|(path, _)| !was.contains_key(*path)) {
        let what = format!("tasks are told what {} says", quoted(path));
        changes.extend(change(path, what, None, Some(written(new, new.whole()))));
    }
    changes
}

fn files(class: &TaskClass) -> BTreeMap<&str, &Arc<SourceFile>> {
    class.template().files().map(|file| (file.path(), file)).collect()
}

fn change(path: &str, what: String, before: Option<Written>, after: Option<Written>) -> Option<Change> {
    let cause = Cause::File(RegistryPath::new(path).ok()?);
    Some(Change { path: Path::root().key("prompt"), cause, effect: Effect::Rewrites, what, before, after })
}

/// All that a file says: what no example renders may be told to a task as well.
fn written(file: &Arc<SourceFile>, span: Span) -> Written {
    Written { value: Value::from(file.text()), place: Place { source: Arc::clone(file), span } }
}

/// The lines from the first to the last that differs, on either side.
fn differing(before: &str, after: &str) -> (Span, Span) {
    let (a, b): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let span = |lines: &[&str]| {
        let length = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
        Span::new(length(&lines[..head]), length(&lines[..lines.len() - tail]))
    };
    (span(&a), span(&b))
}
