//! `taskclass init`: a new registry, from the one that the manual shows.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use taskclass_spec::RepoName;

use super::schema;
use crate::{
    args::{Init, SchemaName},
    exit::{Exit, Failure, Outcome},
    ui::{Tone, Ui},
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

pub(crate) fn init(args: &Init, ui: &mut Ui) -> Outcome {
    let name: RepoName = args.name.parse().map_err(Failure::usage)?;
    let written = write(&args.dir, &name)?;
    for path in &written {
        ui.line(format!("{} {}", ui.paint("wrote", Tone::Dim), args.dir.join(path).display()));
    }
    ui.note(format!(
        "\nNext: change the names in policy.yaml, inventory.txt and task-classes/, then\n  cd {} && git init -b main && taskclass lint",
        args.dir.display()
    ));
    Ok(Exit::Fine)
}

/// Writes a registry named `name` into `dir`; refuses before the first byte if one of its files exists. Gives the files'
/// paths below `dir`.
pub(crate) fn write(dir: &Path, name: &RepoName) -> Result<Vec<PathBuf>, Failure> {
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for (path, text) in FILES {
        let text = text.replace("acme/agent-tasks", name.as_str());
        let text = if name.owner() == "acme" { text } else { with_owner(&text, name.owner()) };
        files.push((PathBuf::from(path), text));
    }
    for (schema, path) in SCHEMAS {
        files.push((PathBuf::from(path), format!("{:#}\n", schema::json_of(schema))));
    }
    files.push((PathBuf::from(".vscode/settings.json"), EDITOR.to_owned()));
    if let Some((existing, _)) = files.iter().find(|(path, _)| dir.join(path).exists()) {
        return Err(Failure::usage(format!("`{}` exists already; nothing was written", dir.join(existing).display()))
            .help("`taskclass init DIR` wants a folder without a registry; `taskclass new NAME` adds a class to one"));
    }
    for (path, text) in &files {
        write_new(&dir.join(path), text)
            .map_err(|error| Failure::usage(format!("`{}` cannot be written: {error}", dir.join(path).display())))?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
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
