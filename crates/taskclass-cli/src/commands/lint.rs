//! `taskclass lint`: all findings of one or several registries, and their fixes.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, tz::TimeZone};
use taskclass_lint::{Checked, FailOn as Level, Linter, Report, fix, render};
use taskclass_source::{Safety, WorkTree};
use taskclass_spec::{Registry, registry::paths};

use crate::{
    args::{FailOn, Format, Global, Lint},
    exit::{Exit, Failure, Outcome},
    place,
    ui::Ui,
};

/// How deep below a given folder registries are looked for.
const MAX_DEPTH: usize = 6;

pub(crate) fn lint(args: &Lint, global: &Global, ui: &mut Ui) -> Outcome {
    let today = args.today.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date());
    let linter = Linter::new(today);
    let fail_on = match args.fail_on {
        FailOn::Error => Level::Error,
        FailOn::Warning => Level::Warning,
    };
    let scopes = scopes(args, global)?;
    let several = scopes.len() > 1;
    let mut exit = Exit::Fine;
    for scope in scopes {
        let (mut report, mut unreadable) = scope.lint(linter)?;
        if args.fix || args.unsafe_fixes {
            let safety = if args.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
            let fixed = apply(&scope.root, &report, safety)?;
            if fixed > 0 {
                ui.note(format!("{fixed} {} changed", if fixed == 1 { "file" } else { "files" }));
                (report, unreadable) = scope.lint(linter)?;
            }
        }
        if several && ui.format == Format::Human {
            ui.line(format!("{}:", scope.root.display()));
        }
        let format = match ui.format {
            Format::Human => render::Format::Human,
            Format::Concise => render::Format::Concise,
            Format::Json => render::Format::Json,
        };
        ui.raw(render::render(&report, format, ui.human()));
        if unreadable {
            exit = Exit::Usage;
        } else if report.fails(fail_on) && exit == Exit::Fine {
            exit = Exit::Findings;
        }
    }
    Ok(exit)
}

/// A registry, and the part of it that is reported on.
struct Scope {
    root: PathBuf,
    /// Prefixes of paths in the registry; empty for all of it.
    only: BTreeSet<String>,
}

impl Scope {
    /// The report, and whether a file of the registry could not be read.
    fn lint(&self, linter: Linter) -> Result<(Report, bool), Failure> {
        let files = WorkTree::open(&self.root).map_err(Failure::usage)?;
        let registry = Registry::load(&files).map_err(Failure::usage)?;
        let report = linter.lint(&registry, &files);
        let unreadable = !registry.unreadable.is_empty();
        Ok((if self.only.is_empty() { report } else { self.part(report, &registry) }, unreadable))
    }

    fn covers(&self, path: &str) -> bool {
        self.only
            .iter()
            .any(|only| path == only || path.strip_prefix(only.as_str()).is_some_and(|rest| rest.starts_with('/')))
    }

    /// The report as if only the covered files were there. Rules still saw the whole registry.
    fn part(&self, mut report: Report, registry: &Registry) -> Report {
        report.findings.retain(|finding| self.covers(finding.primary.source.path()));
        let told: BTreeSet<&str> = report.findings.iter().map(|finding| finding.primary.source.path()).collect();
        let classes = registry.classes.iter().filter(|class| self.covers(class.path.as_str()));
        let policy = registry.policy.iter().filter(|policy| self.covers(policy.path.as_str()));
        report.checked = Checked { classes: classes.clone().count(), policies: policy.clone().count() };
        report.affected = Checked {
            classes: classes.filter(|class| told.contains(class.path.as_str())).count(),
            policies: policy.filter(|policy| told.contains(policy.path.as_str())).count(),
        };
        report
    }
}

/// What the paths ask for: each registry once. A folder stands for the registries in it; without one, for its part of the
/// registry that it lies in.
fn scopes(args: &Lint, global: &Global) -> Result<Vec<Scope>, Failure> {
    if args.paths.is_empty() {
        let root = place::registry_root(global.registry.as_deref())?;
        return Ok(vec![Scope { root, only: BTreeSet::new() }]);
    }
    let mut scopes: Vec<Scope> = Vec::new();
    for path in &args.paths {
        let absolute = path
            .canonicalize()
            .map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?;
        let mut inside = Vec::new();
        registries_in(&absolute, 0, &mut inside);
        if !inside.is_empty() {
            inside.retain(|root| !scopes.iter().any(|scope| scope.root == *root));
            scopes.extend(inside.into_iter().map(|root| Scope { root, only: BTreeSet::new() }));
            continue;
        }
        let root = match &global.registry {
            Some(root) => {
                root.canonicalize().map_err(|error| Failure::usage(format!("`{}`: {error}", root.display())))?
            }
            None => absolute
                .ancestors()
                .find(|folder| folder.join(paths::POLICY).is_file())
                .map(Path::to_owned)
                .ok_or_else(|| {
                    Failure::usage(format!("`{}` is in no registry: there is no policy.yaml above it", path.display()))
                })?,
        };
        let relative = absolute
            .strip_prefix(&root)
            .map_err(|_| Failure::usage(format!("`{}` is not in the registry {}", path.display(), root.display())))?;
        let relative = relative.to_string_lossy().into_owned();
        match scopes.iter_mut().find(|scope| scope.root == root) {
            Some(scope) if scope.only.is_empty() => {}
            Some(scope) => drop(scope.only.insert(relative)),
            None => scopes.push(Scope { root, only: BTreeSet::from([relative]) }),
        }
    }
    Ok(scopes)
}

fn registries_in(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    if depth > MAX_DEPTH || !folder.is_dir() {
        return;
    }
    if folder.join(paths::POLICY).is_file() {
        found.push(folder.to_owned());
        return;
    }
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter(|entry| !matches!(entry.file_name().to_str(), Some(".git" | "target" | "node_modules")))
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    for folder in folders {
        registries_in(&folder, depth + 1, found);
    }
}

/// Writes the fixed files; each is replaced whole, so that a crash leaves the old or the new text.
fn apply(root: &Path, report: &Report, safety: Safety) -> Result<usize, Failure> {
    let fixed = fix::apply(&report.findings, safety);
    for file in &fixed {
        let target = root.join(&file.path);
        let cannot =
            |error: std::io::Error| Failure::usage(format!("`{}` cannot be written: {error}", target.display()));
        let folder = target.parent().unwrap_or(root);
        let mut beside = tempfile::NamedTempFile::new_in(folder).map_err(cannot)?;
        std::io::Write::write_all(&mut beside, file.text.as_bytes()).map_err(cannot)?;
        let permissions = fs::metadata(&target).map_err(cannot)?.permissions();
        fs::set_permissions(beside.path(), permissions).map_err(cannot)?;
        beside.persist(&target).map_err(|error| cannot(error.error))?;
    }
    Ok(fixed.len())
}
