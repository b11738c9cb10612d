//! Other tools on the same corpus: those that are installed. They check the schema alone, ours all rules.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    corpus::Corpus,
    process::{program, quietly},
    run::{grouped, ratio, shown, turns},
    table::Table,
};

/// How many classes they get.
const SIZE: usize = 1_000;
/// A workflow of about the size of a class, for the tool that reads nothing else.
const WORKFLOW: &str = include_str!("corpus/workflow.yaml");

/// A tool, and how it is asked.
struct Tool {
    shown: &'static str,
    program: &'static str,
    /// What its answer to `--version` or `help` holds, where several programs share a name.
    known_by: Option<(&'static str, &'static str)>,
    asked: fn(&mut Command, &Path, &[PathBuf]),
}

const TOOLS: [Tool; 5] = [
    Tool {
        shown: "Sourcemeta jsonschema --fast",
        program: "jsonschema",
        known_by: Some(("help", "Sourcemeta")),
        asked: |command, schema, files| {
            command.args(["validate", "--fast"]).arg(schema).args(files);
        },
    },
    Tool {
        shown: "jsonschema-cli",
        program: "jsonschema-cli",
        known_by: None,
        asked: |command, schema, files| {
            command.arg("validate").arg(schema);
            command.args(files.iter().flat_map(|file| [Path::new("-i"), file]));
        },
    },
    Tool {
        shown: "ajv",
        program: "ajv",
        known_by: None,
        asked: |command, schema, files| {
            command.args(["validate", "--spec=draft2020", "--strict=false", "-s"]).arg(schema);
            command.args(files.iter().flat_map(|file| [Path::new("-d"), file]));
        },
    },
    Tool {
        shown: "check-jsonschema",
        program: "check-jsonschema",
        known_by: None,
        asked: |command, schema, files| {
            command.arg("--schemafile").arg(schema).args(files);
        },
    },
    Tool {
        shown: "zizmor (on workflows)",
        program: "zizmor",
        known_by: None,
        asked: |command, _, files| {
            command.args(["--offline", "--no-exit-codes"]);
            if let Some(folder) = files.first().and_then(|file| file.parent()) {
                command.arg(folder.with_file_name("workflows"));
            }
        },
    },
];

/// Each tool that is there beside ours.
pub(super) fn run(root: &Path, largest: usize) -> Result<Table, String> {
    let size = SIZE.min(largest);
    let corpus = Corpus::clean(size)?;
    let workflows = corpus.root().join("workflows");
    fs::create_dir(&workflows).map_err(|error| error.to_string())?;
    for number in 0..size {
        fs::write(workflows.join(format!("w{number}.yml")), WORKFLOW).map_err(|error| error.to_string())?;
    }
    let ours = program()?;
    let schema = root.join("schemas/task-class.v1.json");
    let mut table = Table::new(
        "Other tools, as processes on the same files",
        &["tool", "classes", "theirs", "ours", "theirs / ours"],
    );
    let mut absent = Vec::new();
    for tool in TOOLS {
        if !tool.is_there() {
            absent.push(tool.shown);
            continue;
        }
        let times = turns([
            &mut || {
                let mut command = Command::new(tool.program);
                (tool.asked)(&mut command, &schema, &corpus.classes);
                quietly(&mut command, &[0])
            },
            &mut || quietly(Command::new(&ours).arg("lint").current_dir(corpus.root()), &[0]),
        ]);
        match times {
            Ok([theirs, own]) => {
                table.row([tool.shown.to_owned(), grouped(size), shown(theirs), shown(own), ratio(theirs, own)]);
            }
            Err(_) => table.note(format!("{}: it does not take the corpus.", tool.shown)),
        }
    }
    if !absent.is_empty() {
        table.note(format!("Not installed here: {}.", absent.join(", ")));
    }
    Ok(table)
}

impl Tool {
    fn is_there(&self) -> bool {
        let (asked, holds) = self.known_by.unwrap_or(("--version", ""));
        let output = Command::new(self.program).arg(asked).stdin(Stdio::null()).output();
        output.is_ok_and(|output| {
            output.status.success()
                && [output.stdout, output.stderr].iter().any(|text| String::from_utf8_lossy(text).contains(holds))
        })
    }
}
