//! The executor's configuration, and the programs that are needed beside it.

use std::process::Command;

use super::report::{Area, Check};
use crate::{exit::Failure, machine::Settings};

/// What it says of itself once it could be read.
pub(super) fn read(settings: &Settings) -> Vec<Check> {
    let area = Area::Configuration;
    let Some(github) = &settings.github else {
        return vec![Check::ok(area, "file", "the simulator, with the registry at hand; it needs no executor.yaml")];
    };
    let mut checks = vec![Check::ok(area, "file", format!("read from {}", github.file.display()))];
    let webhooks = github.config.notify.iter().flat_map(|notify| notify.webhooks.keys());
    let webhooks: Vec<String> = webhooks.map(ToString::to_string).collect();
    checks.push(Check::ok(
        area,
        "webhooks",
        match webhooks.as_slice() {
            [] => "no webhooks: classes can notify by issue and comment".to_owned(),
            names => format!("webhooks: {}", names.join(", ")),
        },
    ));
    checks
}

/// Why it cannot be read: a check for each finding in it.
pub(super) fn unreadable(failure: &Failure) -> Vec<Check> {
    let area = Area::Configuration;
    let mut file =
        Check::bad(area, "file", failure.message.clone()).because("nothing else can be looked at without it");
    file.fix = failure.help.first().cloned();
    let findings = failure.findings.iter().map(|finding| {
        let place = &finding.primary;
        let position = place.source.position(place.span.start);
        let says = format!("line {}: {}", position.line, finding.message);
        let mut check = Check::bad(area, "field", says);
        check.fix = finding.help.first().cloned();
        check
    });
    std::iter::once(file).chain(findings).collect()
}

/// The programs that are called.
pub(super) fn tools() -> Vec<Check> {
    let area = Area::Tools;
    let git = match said(Command::new("git").arg("--version")) {
        Some(version) => Check::ok(area, "git", version),
        None => Check::bad(area, "git", "git cannot be run")
            .because("the registry is read with it")
            .fix("install git, and see that it is in PATH"),
    };
    // It has no option that only tells its version; without arguments it would ask for a passphrase.
    let ssh_keygen = match Command::new("ssh-keygen").arg("-?").output() {
        Ok(_) => Check::ok(area, "ssh_keygen", "ssh-keygen is there"),
        Err(_) => Check::warn(area, "ssh_keygen", "ssh-keygen cannot be run")
            .because("nothing here needs it; whoever wants to check a signature with another program does")
            .fix("install OpenSSH's client"),
    };
    vec![git, ssh_keygen]
}

/// The first line that a program prints.
fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).lines().next()?.to_owned())
}
