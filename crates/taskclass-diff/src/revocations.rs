//! Revocations that came, went or say something else. What was withdrawn counts again once its revocation is gone, and no
//! signature covers that, so it stands beside the trust file.

use std::collections::BTreeSet;

use serde_json::Value;
use taskclass_source::{Path, ReadError, RegistryPath, SourceFile, text::quoted};
use taskclass_spec::{Digest, paths, record};

use crate::{
    Asked, Cause, Change, Effect, Place, Written,
    side::{Content, Side, Stands},
};

/// One change for each record that differs, or whose signature does.
///
/// # Errors
/// If a side's revocations cannot be listed.
pub(crate) fn changes(asked: &Asked<'_>) -> Result<Vec<Change>, ReadError> {
    let folder = paths::at(paths::REVOCATIONS);
    let mut paths: BTreeSet<RegistryPath> = match asked.changed {
        Some(changed) => changed.iter().filter(|path| path.is_within(&folder)).cloned().collect(),
        None => asked.base.files().list(&folder)?.into_iter().chain(asked.head.files().list(&folder)?).collect(),
    };
    paths.retain(|path| asked.differs(path));
    Ok(record::pairs(&paths).iter().map(|listed| change(asked, &listed.path)).collect())
}

/// Of the record at `path`, which differs or whose signature does.
fn change(asked: &Asked<'_>, path: &RegistryPath) -> Change {
    let (before, after) = (written(asked.base, path), written(asked.head, path));
    let shown = quoted(path.as_str());
    let (effect, what) = match (asked.base.content(path), asked.head.content(path)) {
        (Content::Absent, Content::Here(_) | Content::Refused(_)) => {
            (Effect::Narrows, format!("what {shown} withdraws no longer counts"))
        }
        (Content::Here(_) | Content::Refused(_), Content::Absent) => {
            (Effect::Widens, format!("what {shown} withdrew can count again"))
        }
        // What cannot be checked withdraws more than what can, so a signature that came takes something back as well.
        _ => (Effect::MayWiden, format!("{shown} or its signature withdraws something else than before")),
    };
    Change { path: Path::root().key(path.as_str()), cause: Cause::Own, effect, what, before, after }
}

/// A record's digest stands for its text.
fn written(side: &Side<'_>, path: &RegistryPath) -> Option<Written> {
    let Stands::Here(bytes) = side.content(path) else { return None };
    let source = SourceFile::new(path.as_str(), String::from_utf8_lossy(&bytes).into_owned());
    let span = source.whole();
    Some(Written { value: Value::from(Digest::of(&bytes).to_string()), place: Place { source, span } })
}
