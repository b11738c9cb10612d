//! The executor's configuration, and the programs that are needed beside it.

use std::process::Command;

use taskclass_executor::Webhooks;
use taskclass_spec::NotifierName;

use super::report::{Area, Check};
use crate::{
    exit::Failure,
    machine::{Readiness, Receivers, Settings, Telemetry},
};

/// What it says of itself once it could be read.
pub(super) fn read(settings: &Settings) -> Vec<Check> {
    let area = Area::Configuration;
    let Some(github) = &settings.github else {
        return vec![Check::ok(area, "file", "the simulator, with the registry at hand; it needs no executor.yaml")];
    };
    let mut checks = vec![Check::ok(area, "file", format!("read from {}", github.file.display()))];
    let names: Vec<_> = github.config.notify.iter().flat_map(|notify| notify.webhooks.keys()).collect();
    checks.extend(webhooks(&names, &Receivers::of(settings)));
    checks.extend(Telemetry::readiness(settings).into_iter().map(telemetry));
    checks
}

/// Those that can be sent to, and a check for each that cannot. Nothing is sent.
fn webhooks(names: &[&NotifierName], receivers: &dyn Webhooks) -> Vec<Check> {
    let area = Area::Configuration;
    let mut ready = Vec::new();
    let mut checks = Vec::new();
    for name in names {
        match receivers.ready(name) {
            Ok(()) => ready.push(name.to_string()),
            Err(why) => checks.push(
                Check::bad(area, "webhooks", format!("webhook {name}: {why}"))
                    .because("a class whose ladder names it is refused, and a task that runs tells nobody by it")
                    .fix(format!(
                        "mend `notify.webhooks.{name}`, or set what it is read from, where the executor runs"
                    )),
            ),
        }
    }
    if names.is_empty() {
        checks.push(Check::ok(area, "webhooks", "no webhooks: classes can notify by issue and comment"));
    } else if !ready.is_empty() {
        checks.push(Check::ok(area, "webhooks", format!("webhooks that can be sent to: {}", ready.join(", "))));
    }
    checks
}

/// Nothing waits for telemetry, so that there is none is only a warning; a configuration that cannot be meant stops a run.
fn telemetry((field, readiness): (&'static str, Readiness)) -> Check {
    let area = Area::Configuration;
    match readiness {
        Readiness::Ready => Check::ok(area, "telemetry", format!("`{field}`: all that it needs is there")),
        Readiness::Missing(why) => Check::warn(area, "telemetry", why)
            .because("runs go on, and what they do is told nobody")
            .fix(format!("see to what `{field}` names, where the executor runs")),
        Readiness::Refused(failure) => Check::bad(area, "telemetry", failure.message)
            .because("a run is refused while this stands there")
            .fix(format!("mend `{field}` in the executor's configuration")),
    }
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
