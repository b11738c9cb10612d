//! `taskclass lint`: all findings of one or several registries, and their fixes.

use std::{
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    thread,
};

use jiff::{Timestamp, tz::TimeZone};
use taskclass_lint::{FailOn as Level, Linter, Report, Scope, fix, render};
use taskclass_source::{RegistryPath, Safety, WorkTree};
use taskclass_spec::registry::paths;

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
    let linter = Linter::new(today).with_threads(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN));
    let fail_on = match args.fail_on {
        FailOn::Error => Level::Error,
        FailOn::Warning => Level::Warning,
    };
    let parts = parts(args, global)?;
    let several = parts.len() > 1;
    let mut exit = Exit::Fine;
    for part in parts {
        let mut report = part.lint(&linter)?;
        if args.fix || args.unsafe_fixes {
            let safety = if args.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
            let fixed = apply(&part.root, &report, safety)?;
            if fixed > 0 {
                ui.note(format!("{fixed} {} changed", if fixed == 1 { "file" } else { "files" }));
                report = part.lint(&linter)?;
            }
        }
        if several && ui.format == Format::Human {
            ui.line(format!("{}:", part.root.display()));
        }
        let format = match ui.format {
            Format::Human => render::Format::Human,
            Format::Concise => render::Format::Concise,
            Format::Json => render::Format::Json,
        };
        ui.raw(render::render(&[render::Part::new("", report.clone())], format, ui.human()));
        if report.unreadable > 0 {
            exit = Exit::Usage;
        } else if report.fails(fail_on) && exit == Exit::Fine {
            exit = Exit::Findings;
        }
    }
    Ok(exit)
}

/// A registry, and the part of it that is reported on.
struct Part {
    root: PathBuf,
    scope: Scope,
}

impl Part {
    fn lint(&self, linter: &Linter<'_>) -> Result<Report, Failure> {
        let files = WorkTree::open(&self.root).map_err(Failure::usage)?;
        linter.lint(&files, &self.scope).map_err(Failure::usage)
    }
}

/// What the paths ask for: each registry once. A folder stands for the registries in it; without one, for its part of the
/// registry that it lies in.
fn parts(args: &Lint, global: &Global) -> Result<Vec<Part>, Failure> {
    if args.paths.is_empty() {
        let root = place::registry_root(global.registry.as_deref())?;
        return Ok(vec![Part { root, scope: Scope::All }]);
    }
    let mut parts: Vec<Part> = Vec::new();
    for path in &args.paths {
        let absolute = path
            .canonicalize()
            .map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?;
        let mut inside = Vec::new();
        registries_in(&absolute, 0, &mut inside);
        if !inside.is_empty() {
            inside.retain(|root| !parts.iter().any(|part| part.root == *root));
            parts.extend(inside.into_iter().map(|root| Part { root, scope: Scope::All }));
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
        let relative = RegistryPath::new(relative.to_string_lossy()).map_err(Failure::usage)?;
        match parts.iter_mut().find(|part| part.root == root) {
            Some(Part { scope: Scope::Paths(paths), .. }) => drop(paths.insert(relative)),
            Some(_) => {}
            None => parts.push(Part { root, scope: Scope::Paths([relative].into()) }),
        }
    }
    Ok(parts)
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
