//! Which registries, and which parts of them, a call is about; and how people find their files.

use std::{
    env, fs,
    path::{Component, Path, PathBuf},
};

use taskclass_lint::Scope;
use taskclass_source::RegistryPath;
use taskclass_spec::registry::{is_class, paths};

use crate::{
    exit::Failure,
    place::{self, slashed, top_of_repository},
};

/// How deep below a given folder registries are looked for.
const MAX_DEPTH: usize = 6;

/// A registry, and the part of it that is reported on.
pub(super) struct Target {
    /// Absolute, without links.
    pub(super) root: PathBuf,
    pub(super) scope: Scope,
}

/// From where a reader looks at files.
#[derive(Clone, Copy)]
pub(super) enum Whence {
    /// From the current folder: a person at a terminal.
    Here,
    /// From the top of the repository: GitHub.
    TopOfRepository,
}

impl Target {
    /// The way to the registry, with forward slashes; empty where it is the same place.
    pub(super) fn folder(&self, whence: Whence) -> Result<String, Failure> {
        if let (Whence::TopOfRepository, Some(top)) = (whence, top_of_repository(&self.root)) {
            return Ok(slashed(self.root.strip_prefix(top).unwrap_or(Path::new(""))));
        }
        let here = env::current_dir()
            .and_then(|here| here.canonicalize())
            .map_err(|error| Failure::usage(format!("the current folder cannot be read: {error}")))?;
        match whence {
            Whence::Here => Ok(slashed(&way(&here, &self.root))),
            Whence::TopOfRepository => Ok(slashed(self.root.strip_prefix(&here).unwrap_or(Path::new("")))),
        }
    }
}

/// The way to a file of a registry in `folder`.
pub(super) fn path_to(folder: &str, path: &RegistryPath) -> String {
    if folder.is_empty() { path.to_string() } else { format!("{folder}/{path}") }
}

/// The way from one absolute folder to another one.
fn way(from: &Path, to: &Path) -> PathBuf {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    up.chain(to.components().skip(common)).collect()
}

/// What the paths ask for: each registry once. A folder stands for the registries in it; without one, for its part of the
/// registry that it lies in.
pub(super) fn targets(asked: &[PathBuf], registry: Option<&Path>) -> Result<Vec<Target>, Failure> {
    let real = |root: &Path| {
        root.canonicalize().map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", root.display())))
    };
    if asked.is_empty() {
        let root = real(&place::registry_root(registry)?)?;
        return Ok(vec![Target { root, scope: Scope::All }]);
    }
    let mut targets: Vec<Target> = Vec::new();
    for path in asked {
        if path.as_os_str() == "-" {
            return Err(Failure::usage("lint reads no standard input: a class is judged together with its registry"));
        }
        let absolute = real(path)?;
        let mut inside = Vec::new();
        registries_in(&absolute, 0, &mut inside);
        if !inside.is_empty() {
            for root in inside {
                match targets.iter_mut().find(|target| target.root == root) {
                    Some(target) => target.scope = Scope::All,
                    None => targets.push(Target { root, scope: Scope::All }),
                }
            }
            continue;
        }
        let root = match registry {
            Some(root) => real(root)?,
            None => upward(&absolute, path)?,
        };
        let relative = absolute
            .strip_prefix(&root)
            .map_err(|_| Failure::usage(format!("`{}` is not in the registry {}", path.display(), root.display())))?;
        let relative = RegistryPath::new(slashed(relative)).map_err(Failure::usage)?;
        belongs(&relative, absolute.is_dir(), path)?;
        match targets.iter_mut().find(|target| target.root == root) {
            Some(Target { scope: Scope::Paths(paths), .. }) => drop(paths.insert(relative)),
            Some(_) => {}
            None => targets.push(Target { root, scope: Scope::Paths([relative].into()) }),
        }
    }
    Ok(targets)
}

/// The registry that a path lies in.
fn upward(absolute: &Path, shown: &Path) -> Result<PathBuf, Failure> {
    let mut folders = absolute.ancestors();
    folders.find(|folder| folder.join(paths::POLICY).is_file()).map(Path::to_owned).ok_or_else(|| {
        Failure::usage(format!("`{}` is in no registry: there is no policy.yaml above it", shown.display()))
            .help("`--registry PATH` names a registry that has none yet")
    })
}

/// Fails for what the linter never looks at: to pass over it in silence would say that nothing is wrong with it.
fn belongs(path: &RegistryPath, is_folder: bool, shown: &Path) -> Result<(), Failure> {
    let files = [paths::POLICY, paths::MODELS, paths::INVENTORY, paths::ALLOWED_SIGNERS];
    let folders = [paths::CLASSES, paths::APPROVALS, paths::REVOCATIONS, "trust"];
    let within = |folder: &&str| path.is_within(&RegistryPath::new(folder).unwrap_or_default());
    let known = if is_folder {
        path.is_root() || folders.iter().any(within)
    } else {
        files.contains(&path.as_str())
            || is_class(path)
            || [paths::PROMPTS, paths::APPROVALS, paths::REVOCATIONS].iter().any(within)
    };
    if known {
        return Ok(());
    }
    Err(Failure::usage(format!("`{}` is no part of a registry, so there is nothing to lint", shown.display())).help(
        "a registry has policy.yaml, models.yaml, inventory.txt, task-classes/NAME.yaml, task-classes/prompts/, approvals/, \
         revocations/ and trust/allowed_signers",
    ))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_registry_from_where_one_stands() {
        let way = |from: &str, to: &str| slashed(&way(Path::new(from), Path::new(to)));
        assert_eq!(way("/a/b", "/a/b"), "");
        assert_eq!(way("/a", "/a/b/c"), "b/c");
        assert_eq!(way("/a/b/task-classes", "/a/b"), "..");
        assert_eq!(way("/a/x", "/a/b"), "../b");
    }

    #[test]
    fn what_is_no_part_of_a_registry_is_refused() {
        let ok = |path: &str, folder| belongs(&RegistryPath::new(path).unwrap(), folder, Path::new(path)).is_ok();
        for file in
            ["policy.yaml", "task-classes/a.yaml", "task-classes/prompts/partials/a.md", "trust/allowed_signers"]
        {
            assert!(ok(file, false), "{file}");
        }
        for file in ["README.md", "task-classes/a.yml", "task-classes/notes.md", "docs/policy.yaml", "trust/notes"] {
            assert!(!ok(file, false), "{file}");
        }
        assert!(ok("task-classes", true) && ok("approvals/x", true) && ok("", true) && !ok("docs", true));
    }
}
