//! `taskclass lint`: all findings of one or several registries, and their fixes.

mod base;
mod baseline;
mod facts;
mod fixes;
mod target;
mod words;

use std::{num::NonZeroUsize, thread};

use jiff::{Timestamp, tz::TimeZone};
use taskclass_lint::{
    FailOn as Level, Linter, Report,
    render::{self, Part},
};
use taskclass_source::{Files, WorkTree};

use crate::{
    args::{FailOn, Format, Global, Lint},
    exit::{Exit, Failure, Outcome},
    inventory,
    ui::Ui,
};
use base::Base;
use baseline::Recorded;
use target::{Target, Whence, targets};

pub(crate) fn lint(args: &Lint, global: &Global, ui: &mut Ui) -> Outcome {
    let format = format_of(args.format);
    if args.diff && args.format != Format::Human {
        return Err(Failure::usage("--diff prints a text of its own and has no other --format"));
    }
    let targets = targets(&args.paths, global.registry.as_deref())?;
    let mut recorded = match (&args.baseline, targets.as_slice()) {
        (None, _) => None,
        (Some(path), [_]) => Some(Recorded::read(path, args.update_baseline)?),
        (Some(_), several) => {
            return Err(Failure::usage(format!("a baseline is of one registry, and here are {}", several.len()))
                .help("lint each with a baseline of its own"));
        }
    };
    let linter = linter(args)?;
    let whence = if format.from_the_top() { Whence::TopOfRepository } else { Whence::Here };
    let (mut parts, mut unreadable, mut to_change) = (Vec::new(), false, 0);
    for target in &targets {
        let files = WorkTree::open(&target.root).map_err(Failure::usage)?;
        let base = args.base.as_deref().map(|revision| Base::open(&target.root, revision)).transpose()?;
        let base = base.as_ref().map(Base::files).transpose()?;
        let linter = match (&base, &args.base) {
            (Some(files), Some(revision)) => linter.clone().with_base(files as &dyn Files, revision),
            _ => linter.clone(),
        };
        let report = if args.fix || args.unsafe_fixes || args.diff {
            let (report, changes) = fixes::run(args, target, &linter, &files, ui)?;
            to_change += changes;
            report
        } else {
            linter.lint(&files, &target.scope).map_err(Failure::usage)?
        };
        unreadable |= report.unreadable > 0;
        parts.push(part(target, report, whence, recorded.as_mut(), ui)?);
    }
    if args.diff {
        return Ok(if to_change > 0 { Exit::Findings } else { Exit::Fine });
    }
    ui.raw(render::render(&parts, format, ui.human()));
    let fail_on = match args.fail_on {
        FailOn::Error => Level::Error,
        FailOn::Warning => Level::Warning,
    };
    Ok(match (unreadable, parts.iter().any(|part| part.report().fails(fail_on))) {
        (true, _) => Exit::Usage,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Fine,
    })
}

/// A registry's share of the output, without what the baseline knows; the baseline brought up to date before, if asked.
fn part(
    target: &Target,
    report: Report,
    whence: Whence,
    recorded: Option<&mut Recorded>,
    ui: &mut Ui,
) -> Result<Part, Failure> {
    let folder = target.folder(whence)?;
    let Some(recorded) = recorded else { return Ok(Part::new(folder, report)) };
    recorded.update(&report, &target.scope, ui)?;
    Ok(Part::new(folder, report).without(&recorded.baseline, &target.scope))
}

/// The linter with what the arguments bring: the day, the inventory, what an executor knows.
fn linter(args: &Lint) -> Result<Linter<'static>, Failure> {
    let today = args.today.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date());
    let mut linter = Linter::new(today).with_threads(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN));
    if let Some(path) = &args.inventory {
        linter = linter.with_inventory(inventory::read(path)?);
    }
    if let Some(path) = &args.config {
        linter = linter.with_executor(facts::executor(path)?);
    }
    Ok(linter)
}

fn format_of(format: Format) -> render::Format {
    match format {
        Format::Human => render::Format::Human,
        Format::Concise => render::Format::Concise,
        Format::Json | Format::CloudEvents => render::Format::Json,
        Format::Sarif => render::Format::Sarif,
        Format::Github => render::Format::Github,
        Format::Markdown => render::Format::Markdown,
    }
}
