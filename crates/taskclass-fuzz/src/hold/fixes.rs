//! What must hold of fixes once they are applied.

use taskclass_lint::{Report, fix};
use taskclass_source::yaml::{self, Parsed, Value};
use taskclass_source::{Files, InMemory, Node, RegistryPath, Safety};

use crate::surroundings;

/// How often fixes are applied and looked for again.
const ROUNDS: usize = 4;

/// Applies what `safety` allows, and what is then found, and so on. A safe fix loses no key and breaks no file; fixes do not
/// undo each other.
pub(crate) fn fixes(files: &InMemory, report: &Report, safety: Safety) {
    let mut files = files.clone();
    let mut report = report.clone();
    let mut seen: Vec<Vec<(String, String)>> = Vec::new();
    for _ in 0..ROUNDS {
        let fixed = fix::apply(&report.findings, safety);
        if fixed.is_empty() {
            return;
        }
        let texts: Vec<_> = fixed.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
        assert!(!seen.contains(&texts), "fixes that undo each other: {texts:?}");
        seen.push(texts);
        for file in &fixed {
            assert!(file.applied > 0, "{} changes without a fix", file.path);
            let Ok(path) = RegistryPath::new(&file.path) else { unreachable!("{} is no path", file.path) };
            let Ok(Some(before)) = files.read(&path) else { unreachable!("{path} is fixed and does not exist") };
            if safety == Safety::Safe && file.path.ends_with(".yaml") {
                loses_nothing(&before, &file.text);
            }
            files.insert(path, file.text.clone().into_bytes());
        }
        report = surroundings::lint(&files);
        super::report(&report);
    }
}

fn loses_nothing(before: &[u8], after: &str) {
    let (_, before) = yaml::parse_bytes("before.yaml", before.to_vec());
    if !before.complete {
        return;
    }
    let (_, read) = yaml::parse_bytes("after.yaml", after.as_bytes().to_vec());
    assert!(read.complete, "a safe fix broke the file: {after:?}: {:?}", read.problems);
    assert!(keys(&before) <= keys(&read), "a safe fix lost a key: {after:?}");
}

/// How many keys there are that are not in a list: of a list, what stands there twice may go.
fn keys(parsed: &Parsed) -> usize {
    fn count(node: &Node) -> usize {
        match &node.value {
            Value::Map(map) => map.iter().map(|entry| 1 + count(&entry.value)).sum(),
            _ => 0,
        }
    }
    parsed.root.as_ref().map_or(0, count)
}
