//! The options without which a command that is suggested would be about another executor or registry.

use std::{borrow::Cow, path::Path};

use crate::args::{Audit, Command, Executor, Global};

/// Commands that work with the executor's state.
const OF_EXECUTOR: [&str; 14] = [
    "run", "status", "show", "inbox", "tick", "watch", "cancel", "resolve", "stop", "start", "audit", "trace",
    "doctor", "state",
];
/// Commands that work with the registry.
const OF_REGISTRY: [&str; 10] =
    ["lint", "new", "render", "diff", "digest", "approve", "revoke", "verify", "doctor", "rules"];

/// How the executor and the registry of this command are named in another one. Every text for people passes here, so what names a command
/// need not know of it.
#[derive(Debug, Default, Clone)]
pub(crate) struct Way {
    /// ` --sim`, ` --config FILE` or nothing.
    executor: String,
    /// ` --registry PATH` or nothing.
    registry: String,
}

impl Way {
    /// That of a command line.
    pub(crate) fn of(global: &Global, command: &Command) -> Self {
        let path = |path: &Path| word(&path.display().to_string());
        let executor = match executor_of(command) {
            Some(Executor { sim: true, .. }) => " --sim".to_owned(),
            Some(Executor { config: Some(config), .. }) => format!(" --config {}", path(config)),
            _ => String::new(),
        };
        let registry = global.registry.as_ref().map(|root| format!(" --registry {}", path(root)));
        Self { executor, registry: registry.unwrap_or_default() }
    }

    /// The options of a command that works with the executor. Its registry is what its configuration says, unless it is the simulator's.
    pub(crate) fn options(&self) -> String {
        format!("{}{}", self.executor, self.registry)
    }

    /// The text, with the commands between its backticks made whole.
    pub(crate) fn complete<'t>(&self, text: &'t str) -> Cow<'t, str> {
        const BEGINS: &str = "`taskclass ";
        if self.executor.is_empty() && self.registry.is_empty() || !text.contains(BEGINS) {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len() + 32);
        let mut rest = text;
        while let Some(at) = rest.find(BEGINS) {
            let (before, command) = rest.split_at(at + 1);
            out.push_str(before);
            let end = command.find('`').unwrap_or(command.len());
            let (command, after) = command.split_at(end);
            out.push_str(command);
            // Without its other end it is no command, but whatever somebody wrote.
            if !after.is_empty() {
                self.rest_of(command, &mut out);
            }
            rest = after;
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    /// What a command lacks.
    fn rest_of(&self, command: &str, out: &mut String) {
        let name = command.split(' ').nth(1).unwrap_or_default();
        let (executor, registry) = (OF_EXECUTOR.contains(&name), OF_REGISTRY.contains(&name));
        let has = |option: &str| command.split(' ').any(|word| word == option);
        if executor && !has("--sim") && !has("--config") {
            out.push_str(&self.executor);
        }
        if (executor || registry) && !has("--registry") {
            out.push_str(&self.registry);
        }
    }
}

/// Which executor a command is about, if it is about one.
fn executor_of(command: &Command) -> Option<&Executor> {
    match command {
        Command::Run(args) => Some(&args.executor),
        Command::Status(args) => Some(&args.executor),
        Command::Show(args) => Some(&args.executor),
        Command::Inbox(args) | Command::Tick(args) | Command::Watch(args) | Command::Start(args) => {
            Some(&args.executor)
        }
        Command::Cancel(args) => Some(&args.executor),
        Command::Resolve(args) => Some(&args.executor),
        Command::Stop(args) => Some(&args.executor),
        Command::Trace(args) => Some(&args.executor),
        Command::Doctor(args) => Some(&args.executor),
        Command::Audit(Audit::Verify(args)) => Some(&args.executor),
        Command::Audit(Audit::Tail(args)) => Some(&args.executor),
        Command::Audit(Audit::Checkpoint(args)) => Some(&args.executor),
        Command::Audit(Audit::Export(args)) => Some(&args.executor),
        Command::Audit(Audit::Drift(args)) => Some(&args.executor),
        Command::State(args) => Some(args.executor()),
        _ => None,
    }
}

/// A word as a shell takes it.
pub(crate) fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=@:,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::Args;

    fn way(line: &str) -> Way {
        let args = Args::try_parse_from(line.split(' ')).unwrap();
        Way::of(&args.global, &args.command)
    }

    #[test]
    fn a_command_is_completed_with_what_was_given() {
        let help =
            "`taskclass watch` follows it, `taskclass resolve ab12 --acknowledge` answers; `taskclass verify` says why";
        assert_eq!(way("taskclass status").complete(help), help);
        assert_eq!(
            way("taskclass status --config /etc/my.yaml").complete(help),
            "`taskclass watch --config /etc/my.yaml` follows it, `taskclass resolve ab12 --acknowledge --config /etc/my.yaml` \
             answers; `taskclass verify` says why"
        );
        assert_eq!(
            way("taskclass run c --repo a/b --sim --registry reg").complete(help),
            "`taskclass watch --sim --registry reg` follows it, `taskclass resolve ab12 --acknowledge --sim --registry reg` answers; \
             `taskclass verify --registry reg` says why"
        );
    }

    #[test]
    fn every_command_that_is_completed_is_one() {
        use clap::CommandFactory as _;
        let command = Args::command();
        for name in OF_EXECUTOR.iter().chain(&OF_REGISTRY) {
            assert!(command.find_subcommand(name).is_some(), "there is no `taskclass {name}`");
        }
    }

    #[test]
    fn what_is_whole_stays_and_what_is_no_command_too() {
        let way = way("taskclass tick --sim");
        for text in [
            "`taskclass watch --sim` follows it",
            "`taskclass watch --config other.yaml` is another's",
            "`taskclass explain executor`, `taskclass --version`",
            "what a class says: `taskclass watch",
            "taskclass watch",
        ] {
            assert_eq!(way.complete(text), text);
        }
    }
}
