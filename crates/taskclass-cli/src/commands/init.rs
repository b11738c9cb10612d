//! `taskclass init`: a new registry, from the one that the manual shows. What has nothing to do with one may be there already.

use std::{fs, io, path::Path};

use taskclass_spec::RepoName;

use super::schema;
use crate::{
    args::{Init, SchemaName},
    exit::{Exit, Failure, Outcome},
    ui::{Tone, Ui},
    way::word,
};

macro_rules! shipped {
    ($($path:literal from $source:literal,)+) => { &[$(($path, include_str!(concat!("../../../../examples/", $source)))),+] };
}

/// The files of `examples/registry`, and the workflows that check one.
const FILES: &[(&str, &str)] = shipped![
    "README.md" from "registry/README.md",
    "policy.yaml" from "registry/policy.yaml",
    "inventory.txt" from "registry/inventory.txt",
    ".gitattributes" from "registry/.gitattributes",
    "trust/allowed_signers" from "registry/trust/allowed_signers",
    "task-classes/docs-link-repair.yaml" from "registry/task-classes/docs-link-repair.yaml",
    "task-classes/prompts/docs-link-repair.md" from "registry/task-classes/prompts/docs-link-repair.md",
    "task-classes/prompts/partials/when-stuck.md" from "registry/task-classes/prompts/partials/when-stuck.md",
    ".github/workflows/taskclass.yml" from "ci/taskclass.yml",
    ".github/workflows/taskclass-checks.yml" from "ci/taskclass-checks.yml",
];

/// The YAML extension of VS Code and its kin read this.
const EDITOR: &str = r#"{
  "yaml.schemas": {
    "schemas/task-class.v1.json": "task-classes/*.yaml",
    "schemas/policy.v1.json": "policy.yaml",
    "schemas/models.v1.json": "models.yaml"
  }
}
"#;

const SCHEMAS: [(SchemaName, &str); 3] = [
    (SchemaName::TaskClass, "schemas/task-class.v1.json"),
    (SchemaName::Policy, "schemas/policy.v1.json"),
    (SchemaName::Models, "schemas/models.v1.json"),
];

/// What a repository may well have before it becomes a registry: it is kept as it is.
const KEPT: [&str; 3] = ["README.md", ATTRIBUTES, ".vscode/settings.json"];
const ATTRIBUTES: &str = ".gitattributes";

/// Folders that are a registry's own. Where one of them is, there is a registry, or something else of that name.
const OWN: [&str; 2] = ["task-classes", "trust"];

pub(crate) fn init(args: &Init, ui: &mut Ui) -> Outcome {
    let name: RepoName = args.name.parse().map_err(Failure::usage)?;
    let files = files(&name);
    let kept = write(&args.dir, &files)?;
    for (path, text) in &files {
        let shown = shown(&args.dir, path);
        if !kept.contains(path) {
            ui.line(format!("{} {shown}", ui.paint("wrote", Tone::Dim)));
            continue;
        }
        let lacks = if *path == ATTRIBUTES { missing(&args.dir.join(path), text) } else { Vec::new() };
        let lacks = if lacks.is_empty() { String::new() } else { format!("; add to it: `{}`", lacks.join("` and `")) };
        ui.led(&format!("{}  ", ui.paint("kept", Tone::Attention)), &format!("{shown}, which was there{lacks}"));
    }
    ui.note("\nNext: change the names in policy.yaml, inventory.txt and task-classes/, then");
    ui.note(format!("  {}", next(&args.dir)));
    Ok(Exit::Fine)
}

/// What is typed next, in the folder where the reader stands.
fn next(dir: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    let mut steps = Vec::new();
    if here.is_none() || here != dir.canonicalize().ok() {
        steps.push(format!("cd {}", word(&dir.display().to_string())));
    }
    if !is_there(&dir.join(".git")) {
        steps.push("git init -b main".to_owned());
    }
    steps.push("taskclass lint".to_owned());
    steps.join(" && ")
}

/// The path as a reader in this folder would type it.
fn shown(dir: &Path, path: &str) -> String {
    if dir == Path::new(".") { path.to_owned() } else { dir.join(path).display().to_string() }
}

/// Something of that name exists, also a link that leads nowhere.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The lines of `text`, but for comments, that a file lacks.
fn missing<'t>(path: &Path, text: &'t str) -> Vec<&'t str> {
    let found = fs::read_to_string(path).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter(|line| !found.lines().any(|found| found.trim() == *line)).collect()
}

/// The files of a registry of that name: their paths in it, and their texts.
fn files(name: &RepoName) -> Vec<(&'static str, String)> {
    let mut files: Vec<(&str, String)> = Vec::new();
    for (path, text) in FILES {
        let text = text.replace("acme/agent-tasks", name.as_str());
        files.push((path, if name.owner() == "acme" { text } else { with_owner(&text, name.owner()) }));
    }
    files.extend(SCHEMAS.map(|(schema, path)| (path, format!("{:#}\n", schema::json_of(schema)))));
    files.push((".vscode/settings.json", EDITOR.to_owned()));
    files
}

/// Writes the files into `dir`, and gives the paths of those that were kept as they were. Refuses before the first byte if there is
/// a registry already, or something in the place of one of its files.
fn write(dir: &Path, files: &[(&'static str, String)]) -> Result<Vec<&'static str>, Failure> {
    let (kept, own): (Vec<&str>, Vec<&str>) =
        files.iter().map(|(path, _)| *path).filter(|path| is_there(&dir.join(path))).partition(|p| KEPT.contains(p));
    if let Some(existing) = OWN.into_iter().filter(|path| is_there(&dir.join(path))).chain(own).next() {
        return Err(Failure::usage(format!("`{}` exists already; nothing was written", shown(dir, existing))).help(
            "`taskclass init DIR` wants a folder without a registry, whatever else is in it; `taskclass new NAME` adds a class to one",
        ));
    }
    for (path, text) in files.iter().filter(|(path, _)| !kept.contains(path)) {
        write_new(&dir.join(path), text)
            .map_err(|error| Failure::usage(format!("`{}` cannot be written: {error}", shown(dir, path))))?;
    }
    Ok(kept)
}

/// Puts another organisation in the place of `acme`, where it stands as an owner.
fn with_owner(text: &str, owner: &str) -> String {
    text.replace("acme/", &format!("{owner}/")).replace("@acme.com", &format!("@{owner}.example"))
}

/// Writes a file that must not exist yet, and the folders above it.
pub(crate) fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    io::Write::write_all(&mut file, text.as_bytes())
}
