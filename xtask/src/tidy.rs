//! `tidy`: the invariants of ARCHITECTURE.md that no compiler holds.

mod links;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Which crates a crate may depend on outside its tests. What is not here may depend on nothing of ours.
const EDGES: &[(&str, &[&str])] = &[
    ("taskclass-source", &[]),
    ("taskclass-sim", &[]),
    ("taskclass-github", &[]),
    ("taskclass-spec", &["taskclass-source"]),
    ("taskclass-lint", &["taskclass-source", "taskclass-spec"]),
    ("taskclass-approval", &["taskclass-source", "taskclass-spec"]),
    ("taskclass-diff", &["taskclass-source", "taskclass-spec"]),
    ("taskclass-lsp", &["taskclass-source", "taskclass-spec", "taskclass-lint"]),
    ("taskclass-executor", &["taskclass-source", "taskclass-spec", "taskclass-approval", "taskclass-github"]),
    (
        "taskclass-storm",
        &["taskclass-spec", "taskclass-approval", "taskclass-github", "taskclass-executor", "taskclass-sim"],
    ),
    (
        "taskclass-fuzz",
        &[
            "taskclass-source",
            "taskclass-spec",
            "taskclass-lint",
            "taskclass-diff",
            "taskclass-approval",
            "taskclass-lsp",
        ],
    ),
    (
        "taskclass-cli",
        &[
            "taskclass-source",
            "taskclass-spec",
            "taskclass-approval",
            "taskclass-diff",
            "taskclass-github",
            "taskclass-lint",
            "taskclass-lsp",
            "taskclass-executor",
            "taskclass-sim",
        ],
    ),
];

/// The most lines that a file may have, its tests not counted.
const MAX_LINES: usize = 400;

pub(crate) fn check(root: &Path) -> Result<(), String> {
    let mut broken = Vec::new();
    edges(root, &mut broken)?;
    for file in sources(root)? {
        let text = fs::read_to_string(root.join(&file)).map_err(|error| format!("{}: {error}", file.display()))?;
        length(&file, &text, &mut broken);
        left_behind(&file, &text, &mut broken);
    }
    cycles(root, &mut broken)?;
    rules_listed(root, &mut broken)?;
    links::check(root, &mut broken)?;
    if broken.is_empty() { Ok(()) } else { Err(format!("not tidy:\n  {}", broken.join("\n  "))) }
}

/// The edges between the crates are those of ARCHITECTURE.md.
fn edges(root: &Path, broken: &mut Vec<String>) -> Result<(), String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        if name == "xtask" || name == "taskclass-e2e" {
            continue;
        }
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == name) else {
            broken.push(format!("{name} is not in the table of edges"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let target = dependency["name"].as_str().unwrap_or_default();
            let ours = target.starts_with("taskclass-");
            if ours && dependency["kind"].is_null() && !allowed.contains(&target) {
                broken.push(format!("{name} depends on {target}, which ARCHITECTURE.md does not allow"));
            }
        }
    }
    Ok(())
}

/// Every Rust file that git tracks.
fn sources(root: &Path) -> Result<Vec<PathBuf>, String> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--", "*.rs"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("git ls-files: {error}"))?;
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(list
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .filter(|path| root.join(path).exists())
        .collect())
}

fn is_test(file: &Path) -> bool {
    file.ends_with("tests.rs") || file.components().any(|part| part.as_os_str() == "tests")
}

/// A file's lines before its `mod tests`.
fn own_lines(text: &str) -> usize {
    text.lines().take_while(|line| *line != "mod tests {").count()
}

fn length(file: &Path, text: &str, broken: &mut Vec<String>) {
    let lines = own_lines(text);
    if !is_test(file) && lines > MAX_LINES {
        broken.push(format!("{} has {lines} lines; {MAX_LINES} are the most", file.display()));
    }
}

fn left_behind(file: &Path, text: &str, broken: &mut Vec<String>) {
    // Put together here so that this file does not find itself.
    let words = [concat!("#[", "ignore"), concat!("FIX", "ME"), concat!("TO", "DO:"), concat!("XX", "X:")];
    for (number, line) in text.lines().enumerate() {
        if let Some(word) = words.iter().find(|word| line.contains(**word)) {
            broken.push(format!("{}:{}: `{word}` left behind", file.display(), number + 1));
        }
    }
    if !is_test(file) && !text.starts_with("//!") {
        broken.push(format!("{}: the first line does not say what the module is for", file.display()));
    }
}

/// Every file in the linter's `rules/` is in the list that the linter runs.
fn rules_listed(root: &Path, broken: &mut Vec<String>) -> Result<(), String> {
    let folder = root.join("crates/taskclass-lint/src/rules");
    let listed: BTreeSet<String> =
        taskclass_lint::rules::catalogue().iter().map(|rule| rule.name.replace('-', "_")).collect();
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(".rs").filter(|stem| !matches!(*stem, "mod" | "tests")) {
            files.insert(stem.to_owned());
        }
    }
    for stem in files.symmetric_difference(&listed) {
        broken.push(format!("rules/{stem}.rs and the list of rules do not agree"));
    }
    Ok(())
}

/// No crate's modules import each other in a circle. A module is a file directly in `src` with its folder; what lies
/// deeper is the module's own affair. `lib.rs` only gathers and does not count.
fn cycles(root: &Path, broken: &mut Vec<String>) -> Result<(), String> {
    let mut graphs: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for file in sources(root)? {
        let mut parts = file.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
        let (Some(top), Some(name), Some(src)) = (parts.next(), parts.next(), parts.next()) else { continue };
        if top != "crates" || src != "src" {
            continue;
        }
        let Some(module) = parts.next().map(|part| part.trim_end_matches(".rs").to_owned()) else { continue };
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let text = fs::read_to_string(root.join(&file)).map_err(|error| format!("{}: {error}", file.display()))?;
        let own: Vec<&str> = text.lines().take_while(|line| *line != "mod tests {").collect();
        if !is_test(&file) {
            graphs.entry(name).or_default().entry(module).or_default().extend(imports(&own.join("\n")));
        }
    }
    for (name, mut graph) in graphs {
        let modules: BTreeSet<String> = graph.keys().cloned().collect();
        for (module, targets) in &mut graph {
            targets.retain(|target| target != module && modules.contains(target));
        }
        // Whatever remains when leaves are taken away again and again is or hangs on a circle.
        loop {
            let leaves: Vec<String> =
                graph.iter().filter(|(_, targets)| targets.is_empty()).map(|(module, _)| module.clone()).collect();
            if leaves.is_empty() {
                break;
            }
            graph.retain(|module, _| !leaves.contains(module));
            graph.values_mut().for_each(|targets| targets.retain(|target| !leaves.contains(target)));
        }
        if !graph.is_empty() {
            let edges: Vec<String> = graph
                .iter()
                .map(|(module, targets)| {
                    format!("{module} → {}", targets.iter().cloned().collect::<Vec<_>>().join(", "))
                })
                .collect();
            broken.push(format!("{name}: modules import each other in a circle: {}", edges.join("; ")));
        }
    }
    Ok(())
}

/// The top-level modules of its own crate that a text names, as `crate::module…` or in `use crate::{…}`.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            let mut fresh = true;
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => fresh = true,
                    c if depth == 0 && fresh && (c.is_alphanumeric() || c == '_') => word.push(c),
                    _ if depth == 0 && !word.is_empty() => {
                        found.insert(std::mem::take(&mut word));
                        fresh = false;
                    }
                    _ => {}
                }
                if c == ',' && depth == 0 && !word.is_empty() {
                    found.insert(std::mem::take(&mut word));
                }
            }
            found.extend((!word.is_empty()).then_some(word));
        } else {
            found.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        check(&crate::root()).unwrap();
    }

    #[test]
    fn the_generated_files_are_fresh() {
        crate::generate::check(&crate::root()).unwrap();
    }

    #[test]
    fn imports_are_found_in_every_form() {
        let text = "use crate::a::b;\nuse crate::{c, d::{e, f}, g};\nlet x = crate::h();";
        assert_eq!(imports(text), ["a", "c", "d", "g", "h"].map(str::to_owned).into());
    }
}
