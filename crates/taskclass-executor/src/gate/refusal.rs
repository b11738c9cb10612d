//! Why a run is refused: each names the field of the class or the line of the policy that decides, and what would satisfy it.

use std::fmt;

use jiff::Timestamp;
use taskclass_github::{ApiErrorKind, CallError, TokenKind};
use taskclass_spec::inputs::InputError;
use taskclass_spec::model::{ModelRefused, OutOfReach, RefRefused};
use taskclass_spec::prompt::RenderError;
use taskclass_spec::{Duration, RepoName};

use crate::ledger::{Denied, Stopped};

/// One reason.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The kill switch is thrown.
    #[error("new submissions were stopped by {} at {}: {}; `taskclass start` lifts it", .0.by, .0.at, .0.reason)]
    Stopped(Stopped),
    /// A field that this version cannot honour, and so does not ignore.
    #[error("`{field}`: {why}")]
    Unsupported {
        /// The field, by its path in the class.
        field: String,
        /// What is missing, and what to write instead.
        why: &'static str,
    },
    /// A webhook that the class tells people by cannot be sent to.
    #[error("`{field}`: `{notice}` tells nobody: {why}")]
    Webhook {
        /// The field, by its path in the class.
        field: String,
        /// The notice as it is written there.
        notice: String,
        /// Why not.
        why: String,
    },
    /// An input does not fit.
    #[error("input: {0}")]
    Input(InputError),
    /// The prompt cannot be rendered with these inputs.
    #[error("{0}")]
    Prompt(RenderError),
    /// The repository is out of bounds.
    #[error(transparent)]
    Repository(#[from] OutOfReach),
    /// The base branch is not allowed.
    #[error(transparent)]
    BaseRef(#[from] RefRefused),
    /// The model is not allowed.
    #[error(transparent)]
    Model(#[from] ModelRefused),
    /// The person may not run the class.
    #[error("@{login} may not run this class; `{field}` allows {}{}", .allowed.join(", "), oidc(*.has_oidc))]
    Caller {
        /// The person: the token's owner.
        login: String,
        /// `callers.allow`, or `owners` where the class has no callers.
        field: &'static str,
        /// Who may.
        allowed: Vec<String>,
        /// One of them is an OIDC subject, which this version does not verify.
        has_oidc: bool,
    },
    /// The token is of a kind that the policy does not allow.
    #[error(
        "the token is {}; policy `tokens.kinds` allows {}: {}",
        .found.words(),
        .allowed.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", "),
        .allowed.first().map_or("", |kind| kind.how_to_get())
    )]
    TokenKind {
        /// Its kind.
        found: TokenKind,
        /// What is allowed; at least one.
        allowed: Vec<TokenKind>,
    },
    /// The token lives too long.
    #[error(
        "the token expires at {expires}, later than policy `tokens.max_age` ({max_age}) from now: make one that expires sooner"
    )]
    TokenTooOld {
        /// When it expires.
        expires: Timestamp,
        /// The most.
        max_age: Duration,
    },
    /// The token has no end, or GitHub does not say it.
    #[error(
        "GitHub does not say when the token expires, and policy `tokens.max_age` is {max_age}: make one with an expiry date"
    )]
    TokenWithoutEnd {
        /// The most.
        max_age: Duration,
    },
    /// The repository is not there, or not visible.
    #[error(
        "{repository} does not exist or is not visible to the token: check the name and which repositories the token may use"
    )]
    NoRepository {
        /// The repository.
        repository: RepoName,
    },
    /// The repository has another name now.
    #[error("{asked} {}", renamed(.now.as_deref()))]
    Renamed {
        /// What was asked for.
        asked: RepoName,
        /// What it is named now, if GitHub says so.
        now: Option<String>,
    },
    /// The name stands for another repository than it did.
    #[error(
        "{repository} is another repository now (id {is}; it was {was} when the class was last run there): somebody has made a new one under \
         the name; if that is meant, raise the class's version and have it approved again"
    )]
    AnotherRepository {
        /// The repository.
        repository: RepoName,
        /// The database id that it had.
        was: i64,
        /// The one that it has.
        is: i64,
    },
    /// The repository takes no work.
    #[error("{repository} is {how}")]
    NotUsable {
        /// The repository.
        repository: RepoName,
        /// `archived`, `disabled`, …
        how: &'static str,
    },
    /// The token's owner may not write.
    #[error("@{login} has no write access to {repository}, which an agent task needs")]
    NoWriteAccess {
        /// The token's owner.
        login: String,
        /// The repository.
        repository: RepoName,
    },
    /// The base branch is not there.
    #[error("{repository} has no branch `{base_ref}`: name one with --base-ref that `base_ref.allow` allows")]
    NoBaseRef {
        /// The repository.
        repository: RepoName,
        /// The branch.
        base_ref: String,
    },
    /// The custom agent's file is not there.
    #[error("`custom_agent`: {repository} has no {path} on `{base_ref}`")]
    NoCustomAgent {
        /// The repository.
        repository: RepoName,
        /// The file.
        path: String,
        /// The branch.
        base_ref: String,
    },
    /// Somebody whose review the class asks for cannot give it.
    #[error("`{field}`: {reviewer} cannot review here: {why}")]
    Reviewer {
        /// The field, by its path in the class.
        field: String,
        /// The person or team.
        reviewer: String,
        /// Why not, and what would help.
        why: String,
    },
    /// The token may not read what decides.
    #[error("`{field}` could not be checked, so it counts as not met: {why}")]
    TokenLacks {
        /// The field.
        field: &'static str,
        /// What it lacks: a permission, single sign-on.
        why: String,
    },
    /// A condition of `repositories.require` does not hold.
    #[error("`repositories.require.{field}`: {what}")]
    Require {
        /// The condition.
        field: &'static str,
        /// What was found, and what is asked for.
        what: String,
    },
    /// Something could not be read that decides.
    #[error("`{field}` could not be checked, so it counts as not met: {why}")]
    Unreadable {
        /// The field.
        field: &'static str,
        /// Why.
        why: String,
    },
    /// The class has reached as many repositories as single runs may.
    #[error(
        "single runs of this class have reached {reached} repositories, and policy `free_reach` is {limit}: raise `free_reach` in \
         policy.yaml and have the policy approved anew (`taskclass approve policy`), or run it in one of these repositories; the stages of its `rollout`, \
         which would lead further, are not carried out by this version yet"
    )]
    FreeReach {
        /// How many it has reached.
        reached: usize,
        /// The most.
        limit: u32,
    },
    /// There is no money left.
    #[error(transparent)]
    Budget(#[from] Denied),
}

fn renamed(now: Option<&str>) -> String {
    match now {
        Some(now) => format!("is named {now} now: use that name, if class and policy allow it"),
        None => {
            "has been renamed or moved, and GitHub points elsewhere: use its present name, if class and policy allow it"
                .to_owned()
        }
    }
}

fn oidc(has_oidc: bool) -> &'static str {
    if has_oidc {
        " (this version does not verify OIDC callers: an `oidc:` line of `callers.allow` admits nobody)"
    } else {
        ""
    }
}

impl Refusal {
    /// `field` could not be read, for this reason.
    pub(super) fn unreadable(field: &'static str, error: &CallError) -> Self {
        let why = error.to_string();
        match error.api().map(|api| &api.kind) {
            Some(ApiErrorKind::Sso { .. } | ApiErrorKind::MissingPermission { .. }) => Self::TokenLacks { field, why },
            _ => Self::Unreadable { field, why },
        }
    }

    /// Whether it is about the token and not about what is asked for: another token, or this one with more rights, and it would pass.
    pub fn is_of_the_token(&self) -> bool {
        self.name() == "token"
    }

    /// Its name, for the log and for machines.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Stopped(_) => "stopped",
            Self::Unsupported { .. } => "unsupported",
            Self::Webhook { .. } => "webhook",
            Self::Input(_) => "input",
            Self::Prompt(_) => "prompt",
            Self::Repository(_) => "repository",
            Self::BaseRef(_) | Self::NoBaseRef { .. } => "base_ref",
            Self::Model(_) => "model",
            Self::Caller { .. } => "caller",
            Self::TokenKind { .. }
            | Self::TokenTooOld { .. }
            | Self::TokenWithoutEnd { .. }
            | Self::TokenLacks { .. } => "token",
            Self::NoRepository { .. }
            | Self::Renamed { .. }
            | Self::AnotherRepository { .. }
            | Self::NotUsable { .. }
            | Self::NoWriteAccess { .. } => "live_repository",
            Self::Reviewer { .. } => "reviewers",
            Self::NoCustomAgent { .. } => "custom_agent",
            Self::Require { .. } => "require",
            Self::Unreadable { .. } => "unreadable",
            Self::FreeReach { .. } => "free_reach",
            Self::Budget(_) => "budget",
        }
    }
}

/// Every reason that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// The class.
    pub class: String,
    /// The repository.
    pub repository: String,
    /// The token's owner, if it was known by then.
    pub person: Option<String>,
    /// The reasons; at least one.
    pub reasons: Vec<Refusal>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` was not run on {}:", self.class, self.repository)?;
        for reason in &self.reasons {
            write!(f, "\n  {reason}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}
