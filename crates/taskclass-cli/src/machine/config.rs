//! Where the executor's configuration comes from, and what it says.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use taskclass_approval::trust::Pin;
use taskclass_github::{ApiUrl, Token};
use taskclass_source::{RegistryPath, SourceFile};
use taskclass_spec::{Digest, Loaded, SchemaKind, registry::paths, written::ExecutorConfig};

use super::secret;
use crate::{
    args::{Executor, Global},
    exit::{Exit, Failure},
    place,
};

/// The file's name where no other is given.
const DEFAULT: &str = "executor.yaml";
/// The branch that `--sim` reads.
const SIM_REF: &str = "refs/heads/main";
/// The state that `--sim` keeps, below the registry's git folder, so that it is never committed.
const SIM_STATE: &str = ".git/taskclass-sim.db";

/// What the executor works with.
pub(crate) struct Settings {
    /// The registry's git repository.
    pub(crate) git: PathBuf,
    /// The full ref that is read.
    pub(crate) git_ref: String,
    /// What its trust file is held against.
    pub(crate) pin: Pin,
    /// The state file.
    pub(crate) state: PathBuf,
    /// How GitHub is reached; `None` for the simulator.
    pub(crate) github: Option<Github>,
    /// The shortest and the longest time between two looks at the task list.
    pub(crate) interval: (jiff::SignedDuration, jiff::SignedDuration),
}

/// How GitHub is reached.
pub(crate) struct Github {
    pub(crate) api: ApiUrl,
    pub(crate) api_version: Option<String>,
    pub(crate) config: ExecutorConfig,
    /// Where the configuration was read.
    pub(crate) file: PathBuf,
    pub(super) folder: PathBuf,
}

impl Github {
    /// The token, read where the configuration says it is.
    pub(crate) fn token(&self) -> Result<Token, Failure> {
        let secret = secret::read(&self.config.github.token, &self.folder, "github.token")?;
        Token::new(secret.trim()).map_err(Failure::refused)
    }

    /// Where that is, for a person.
    pub(crate) fn token_source(&self) -> String {
        secret::place(&self.config.github.token, &self.folder)
    }
}

impl Settings {
    /// Reads the configuration, or makes one up for the simulator.
    pub(crate) fn read(executor: &Executor, global: &Global) -> Result<Self, Failure> {
        if executor.sim { Self::simulated(global) } else { Self::configured(&find(executor.config.as_deref())?) }
    }

    fn configured(path: &Path) -> Result<Self, Failure> {
        let (config, folder) = read_config(path)?;
        let api =
            ApiUrl::parse(&config.github.api).map_err(|error| Failure::usage(format!("`github.api`: {error}")))?;
        let seconds = |own: Option<taskclass_spec::Duration>, default| {
            own.map_or(jiff::SignedDuration::from_secs(default), taskclass_spec::Duration::signed)
        };
        let watch = config.watch;
        let interval =
            (seconds(watch.and_then(|w| w.min_interval), 15), seconds(watch.and_then(|w| w.max_interval), 60));
        if interval.0 > interval.1 || interval.0 <= jiff::SignedDuration::ZERO {
            return Err(Failure::usage("`watch.min_interval` must be more than 0 and at most `watch.max_interval`"));
        }
        Ok(Self {
            git: folder.join(&config.registry.git),
            git_ref: config.registry.git_ref.clone(),
            pin: Pin::Sha256(config.registry.allowed_signers),
            state: folder.join(&config.state),
            github: Some(Github {
                api,
                api_version: config.github.api_version.clone(),
                config: config.clone(),
                file: path.to_owned(),
                folder,
            }),
            interval,
        })
    }

    /// For `--sim` the registry at hand serves, with the trust file of its main branch: a play-thing has nothing to protect.
    fn simulated(global: &Global) -> Result<Self, Failure> {
        let git = place::registry_root(global.registry.as_deref())?;
        let trusted = fs::read(git.join(paths::ALLOWED_SIGNERS))
            .map_err(|error| Failure::refused(format!("{} cannot be read: {error}", paths::ALLOWED_SIGNERS)))?;
        Ok(Self {
            state: git.join(SIM_STATE),
            git_ref: SIM_REF.to_owned(),
            pin: Pin::Sha256(Digest::of(&trusted)),
            github: None,
            interval: (jiff::SignedDuration::from_secs(15), jiff::SignedDuration::from_secs(60)),
            git,
        })
    }
}

/// The configuration, and the folder that its paths are relative to.
pub(crate) fn read_config(path: &Path) -> Result<(ExecutorConfig, PathBuf), Failure> {
    let bytes = fs::read(path).map_err(|error| {
        Failure::usage(format!("the executor's configuration `{}` cannot be read: {error}", path.display()))
    })?;
    let name = RegistryPath::new(DEFAULT).unwrap_or_default();
    let loaded: Loaded<ExecutorConfig> = Loaded::parse(SchemaKind::Executor, &name, bytes);
    let config = loaded.checked().map_err(|mut findings| {
        let named = SourceFile::new(path.to_string_lossy(), loaded.source.text());
        for finding in &mut findings {
            for label in std::iter::once(&mut finding.primary).chain(&mut finding.secondary) {
                label.source = Arc::clone(&named);
            }
        }
        Failure::usage(format!("the executor's configuration `{}` has errors", path.display()))
            .findings_elsewhere(findings)
            .help("`taskclass explain executor` lists its fields")
    })?;
    Ok((config.clone(), path.parent().map(Path::to_owned).unwrap_or_default()))
}

fn find(given: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(path) = given {
        return Ok(path.to_owned());
    }
    let user = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".config")))
        .map(|folder| folder.join("taskclass").join(DEFAULT));
    let candidates = std::iter::once(PathBuf::from(DEFAULT)).chain(user);
    candidates.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        Failure::new(Exit::Usage, "there is no executor.yaml here or in the user's configuration folder")
            .help("`--config FILE` names one; the manual's page \"executor.yaml\" shows one; `--sim` needs none")
    })
}
