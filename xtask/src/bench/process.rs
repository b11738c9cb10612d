//! The program as a process: how long one class takes from a cold start, and how much memory many take.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    corpus::Corpus,
    run::{grouped, ratio, shown, turns},
    speed::lint,
    table::Table,
};

/// The built program, beside this one.
pub(super) fn program() -> Result<PathBuf, String> {
    let own = env::current_exe().map_err(|error| error.to_string())?;
    let program = own.with_file_name("taskclass");
    if program.is_file() {
        Ok(program)
    } else {
        Err("the program is not built: `cargo build --release` first".to_owned())
    }
}

/// Runs a process to its end and takes no notice of what it says; fails if it ends in another way than `expected`.
pub(super) fn quietly(command: &mut Command, expected: &[i32]) -> Result<(), String> {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let status = status.map_err(|error| format!("{command:?}: {error}"))?;
    if status.code().is_some_and(|code| expected.contains(&code)) {
        Ok(())
    } else {
        Err(format!("{command:?} ended with {status}"))
    }
}

/// One class, from the start of the process to its end.
pub(super) fn start(_: &Path, _: usize) -> Result<Table, String> {
    let program = program()?;
    let corpus = Corpus::clean(1)?;
    let class = corpus.classes.first().ok_or("no class")?;
    let [read, ours] = turns([&mut || quietly(Command::new("cat").arg(class), &[0]), &mut || {
        quietly(Command::new(&program).arg("lint").current_dir(corpus.root()), &[0])
    }])?;
    let mut table = Table::new("One class from a cold start", &["", "cat", "taskclass lint", "ratio", "goal"]);
    table.row(["one class".to_owned(), shown(read), shown(ours), ratio(ours, read), "≤ 2".to_owned()]);
    table.note("`cat` stands for a process that does nothing but read the class.");
    Ok(table)
}

/// The peak of the memory for few and for many classes.
pub(super) fn memory(_: &Path, largest: usize) -> Result<Table, String> {
    let mut table = Table::new("Peak memory (VmHWM), clean classes", &["classes", "KB read", "peak MB", "goal"]);
    let own = env::current_exe().map_err(|error| error.to_string())?;
    for size in [1, 100, largest] {
        let corpus = Corpus::clean(size)?;
        let output = Command::new(&own).args(["bench-child", "lint-memory"]).arg(corpus.root()).output();
        let output = output.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout);
        let peak: f64 =
            text.trim().parse().map_err(|_| format!("no figure: {}", String::from_utf8_lossy(&output.stderr)))?;
        let megabytes = format!("{:.1}", peak / 1024.0);
        table.row([grouped(size), grouped(corpus.bytes / 1024), megabytes, "< 20, flat".to_owned()]);
    }
    Ok(table)
}

/// Lints a registry and prints the peak of this process's memory in KB.
pub(super) fn lint_and_tell_memory(folder: &Path) -> Result<(), String> {
    lint(folder)?;
    let status = fs::read_to_string("/proc/self/status").map_err(|error| format!("/proc/self/status: {error}"))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    println!("{}", peak.trim().trim_end_matches("kB").trim());
    Ok(())
}
