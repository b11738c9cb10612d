//! Every command that the manual, the README and the files for CI name is one that the program takes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Parser, error::ErrorKind};
use taskclass_cli::args::Args;

/// The words of the first command of a line, as a shell takes them; where it ends, so does the command.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut open) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (open, c) {
            (Some(quote), c) if c == quote => open = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                open = Some(c);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, '|' | '>' | '<' | ';' | '&' | ')') => break,
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// What begins with the program's name: commands of blocks, and what stands between backticks.
fn commands(page: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for line in page.lines() {
        let prompts = line.match_indices("$ taskclass ").map(|(at, _)| at + 2);
        let chained = line.match_indices("&& taskclass ").map(|(at, _)| at + 3);
        let entry = line.trim_start().strip_prefix("entry: ").map(|entry| line.len() - entry.len());
        found.extend(prompts.chain(chained).chain(entry).map(|at| words(&line[at..])));
        found.extend(line.split('`').skip(1).step_by(2).filter(|code| code.starts_with("taskclass ")).map(words));
    }
    found
}

fn pages(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension().and_then(|end| end.to_str()) {
            None if path.is_dir() => pages(&path, into),
            Some("md") => into.push(path),
            _ => {}
        }
    }
}

#[test]
fn the_program_takes_every_command_that_is_written_down() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md", ".pre-commit-hooks.yaml"].map(|name| top.join(name)).into();
    pages(&top.join("docs/src"), &mut files);
    let mut count = 0;
    let mut wrong = Vec::new();
    for file in files {
        for command in commands(&fs::read_to_string(&file).unwrap()) {
            // `taskclass / lint` is a check on GitHub; what is left out, or stands for any, is no command.
            if command.iter().any(|word| ["/", "…", "COMMAND"].contains(&word.as_str())) {
                continue;
            }
            count += 1;
            let Err(error) = Args::try_parse_from(&command) else { continue };
            // Only named, without what it works on; or asked for its help.
            let is_named = [ErrorKind::MissingRequiredArgument, ErrorKind::DisplayHelp, ErrorKind::DisplayVersion];
            let is_folder_of_commands = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
            if !is_named.contains(&error.kind()) && !is_folder_of_commands {
                wrong.push(format!("{}: {}\n{error}", file.display(), command.join(" ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 150, "only {count} commands were found");
}

#[test]
fn commands_are_found_as_they_are_typed() {
    let page =
        "$ cd x && taskclass lint\n`taskclass run X -i \"a=b c\"` and `other`\n$ taskclass sim --speed 2 & # x\n";
    let expected: [&[&str]; 3] =
        [&["taskclass", "lint"], &["taskclass", "run", "X", "-i", "a=b c"], &["taskclass", "sim", "--speed", "2"]];
    assert_eq!(commands(page), expected);
}
