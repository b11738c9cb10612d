//! `generate`: everything in the repository that is made from code. `--check` says what is stale.

mod example;
mod fields;

use std::{collections::BTreeMap, fs, path::Path};

use clap::{CommandFactory, ValueEnum};
use taskclass_cli::args::{Args, SchemaName};
use taskclass_lint::rules::catalogue;

/// Folders in which nothing but generated files may be.
const OWNED: [&str; 3] = ["schemas", "docs/src/rules", "docs/src/fields"];
/// The end of the book's summary is the list of the pages of fields and rules.
const SUMMARY: &str = "docs/src/SUMMARY.md";
const MARK: &str = "<!-- generated: fields and rules -->\n";

pub(crate) fn write(root: &Path) -> Result<(), String> {
    let files = files(root)?;
    for stale in strangers(root, &files) {
        fs::remove_file(root.join(&stale)).map_err(|error| format!("{stale}: {error}"))?;
        println!("removed {stale}");
    }
    for (path, text) in &files {
        let target = root.join(path);
        if fs::read_to_string(&target).ok().as_deref() == Some(text) {
            continue;
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|error| format!("{path}: {error}"))?;
        }
        fs::write(&target, text).map_err(|error| format!("{path}: {error}"))?;
        println!("wrote {path}");
    }
    Ok(())
}

pub(crate) fn check(root: &Path) -> Result<(), String> {
    let files = files(root)?;
    let mut stale = strangers(root, &files);
    stale.extend(
        files
            .iter()
            .filter(|(path, text)| fs::read_to_string(root.join(path)).ok().as_ref() != Some(text))
            .map(|(path, _)| path.clone()),
    );
    match stale.as_slice() {
        [] => Ok(()),
        stale => Err(format!("stale: {}; run `cargo xtask generate` and commit", stale.join(", "))),
    }
}

/// Files in owned folders that nothing generates any more.
fn strangers(root: &Path, files: &BTreeMap<String, String>) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders: Vec<String> = OWNED.map(str::to_owned).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).into_iter().flatten().flatten() {
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(path);
            } else if !files.contains_key(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every generated file: its path and its text.
fn files(root: &Path) -> Result<BTreeMap<String, String>, String> {
    let mut files = BTreeMap::new();
    for name in SchemaName::value_variants() {
        let value = name.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        files.insert(format!("schemas/{value}.v1.json"), format!("{:#}\n", taskclass_cli::schema(*name)));
    }
    let mut list = String::from("# Lint rules\n\n| rule | family | level | |\n|---|---|---|---|\n");
    let mut chapters = format!("{MARK}{}- [Lint rules](rules/index.md)\n", fields::pages(root, &mut files)?);
    for rule in catalogue() {
        let page = taskclass_lint::explain::page(rule) + &fields::of_rule(rule);
        files.insert(format!("docs/src/rules/{}.md", rule.name), page);
        let level = rule.level.name();
        list.push_str(&format!("| [{0}]({0}.md) | {1} | {level} | {2} |\n", rule.name, rule.family, rule.summary()));
        chapters.push_str(&format!("  - [{0}](rules/{0}.md)\n", rule.name));
    }
    files.insert("docs/src/rules/index.md".to_owned(), list);
    let summary = fs::read_to_string(root.join(SUMMARY)).map_err(|error| format!("{SUMMARY}: {error}"))?;
    let own = summary.split(MARK).next().unwrap_or_default();
    files.insert(SUMMARY.to_owned(), format!("{own}{chapters}"));
    files.insert("docs/src/cli.md".to_owned(), cli());
    Ok(files)
}

/// The commands' reference: each command's own help.
fn cli() -> String {
    let mut text = String::from("# Commands\n\nEach command's own help, as `taskclass COMMAND --help` prints it.\n");
    let mut root = Args::command().term_width(100);
    root.build();
    section(&mut text, &mut root, "taskclass");
    text
}

fn section(text: &mut String, command: &mut clap::Command, path: &str) {
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    text.push_str(&format!("\n## {path}\n\n```text\n{}\n```\n", help.join("\n").trim_end()));
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names.iter().filter(|name| *name != "help") {
        if let Some(sub) = command.find_subcommand_mut(name) {
            section(text, sub, &format!("{path} {name}"));
        }
    }
}
