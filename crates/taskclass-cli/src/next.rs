//! The next step, as it is typed, after a record was written.

use std::{collections::BTreeSet, env, path::Path};

use crate::{
    ui::{Tone, Ui},
    way::word,
};

/// git, as it is called from here for what lies in the registry.
pub(crate) fn git(root: &Path) -> String {
    match (env::current_dir().and_then(|here| here.canonicalize()), root.canonicalize()) {
        (Ok(here), Ok(there)) if here == there => "git".to_owned(),
        _ => format!("git -C {}", word(&root.display().to_string())),
    }
}

/// How the records at `paths` come to count: they are committed and pushed.
pub(crate) fn commit(root: &Path, paths: &[&str], message: &str, ui: &mut Ui) {
    let git = git(root);
    let folders: BTreeSet<&str> =
        paths.iter().filter_map(|path| path.rsplit_once('/').map(|(folder, _)| folder)).collect();
    let folders: Vec<&str> = folders.into_iter().collect();
    ui.note(format!(
        "{} {git} add {} && {git} commit -m {} && {git} push",
        ui.paint_err("Next:", Tone::Strong),
        folders.join(" "),
        word(message)
    ));
}
