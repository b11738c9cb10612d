//! A key that an ssh-agent holds.

use std::{env, path::Path};

use taskclass_approval::{
    agent::{Agent, Held as Listed},
    keyfile::{PublicKey, read_public},
    write::Draft,
};
use taskclass_spec::signers::KeyFingerprint;

use super::{Trusted, unusable};
use crate::exit::Failure;

/// Where ssh looks for its agent.
const SOCKET: &str = "SSH_AUTH_SOCK";

/// The key that signs.
pub(super) struct Held {
    key: PublicKey,
}

impl Held {
    /// The one key of the agent that is the signer's, or the one that was named.
    pub(super) fn choose(trusted: &Trusted<'_>, wanted: Option<&Path>) -> Result<Self, Failure> {
        let listed = connect()?.keys().map_err(Failure::usage)?;
        let counting: Vec<&PublicKey> = listed.iter().filter_map(|held| held.key.as_ref().ok()).collect();
        if let Some(path) = wanted {
            let key = read_public(path).map_err(unusable)?;
            trusted.line_of(&key)?;
            return Self::named(path, key, &counting);
        }
        let principal = trusted.principal;
        let theirs =
            |key: &&PublicKey| trusted.reviewed.signers.by_key(key).is_some_and(|line| line.principal() == principal);
        let found: Vec<&PublicKey> = counting.into_iter().filter(theirs).collect();
        let may: Vec<&PublicKey> = found.iter().copied().filter(|key| trusted.line_of(key).is_ok()).collect();
        match (may.as_slice(), found.first()) {
            ([key], _) => Ok(Self { key: (*key).clone() }),
            ([], Some(key)) => match trusted.line_of(key) {
                Err(failure) => Err(failure),
                Ok(_) => Ok(Self { key: (*key).clone() }),
            },
            ([], None) => Err(none_of(trusted, &listed)),
            (several, _) => Err(say_which(&format!(" of {principal}"), several)),
        }
    }

    /// The only key of the agent, or the one that was named, whoever it belongs to.
    pub(super) fn any(wanted: Option<&Path>) -> Result<Self, Failure> {
        let listed = connect()?.keys().map_err(Failure::usage)?;
        let counting: Vec<&PublicKey> = listed.iter().filter_map(|held| held.key.as_ref().ok()).collect();
        match (wanted, counting.as_slice()) {
            (Some(path), _) => Self::named(path, read_public(path).map_err(unusable)?, &counting),
            (None, [key]) => Ok(Self { key: (*key).clone() }),
            (None, []) => {
                let failure = Failure::usage("the ssh-agent holds no key that could sign, or it is locked");
                Err(listed.iter().fold(failure, Failure::reason).help("add one with `ssh-add FILE`"))
            }
            (None, several) => Err(say_which("", several)),
        }
    }

    fn named(path: &Path, key: PublicKey, counting: &[&PublicKey]) -> Result<Self, Failure> {
        if counting.contains(&&key) {
            return Ok(Self { key });
        }
        let name = path.display();
        Err(Failure::usage(format!("the ssh-agent does not hold the key {name}"))
            .help("add it with `ssh-add FILE`, the private key's file"))
    }

    pub(super) fn key(&self) -> &PublicKey {
        &self.key
    }

    pub(super) fn sign(&self, draft: &Draft) -> Result<String, Failure> {
        connect()?.sign(&self.key, draft.namespace, &draft.bytes).map_err(Failure::usage)
    }
}

/// Several keys could be meant.
fn say_which(whose: &str, several: &[&PublicKey]) -> Failure {
    let failure = Failure::usage(format!("the ssh-agent holds {} keys{whose}: say which", several.len()));
    let failure = several.iter().fold(failure, |failure, key| failure.reason(KeyFingerprint::of(key)));
    failure.help("--agent --key FILE.pub takes the public key of the one to sign with")
}

/// None of the agent's keys is the signer's: what it holds, and what would count.
fn none_of(trusted: &Trusted<'_>, listed: &[Listed]) -> Failure {
    let principal = trusted.principal;
    let failure = match listed {
        [] => Failure::usage("the ssh-agent holds no key, or it is locked"),
        some => some.iter().fold(
            Failure::usage(format!("the ssh-agent holds no key that trust/allowed_signers has for {principal}")),
            |failure, held| failure.reason(held),
        ),
    };
    let theirs: Vec<String> =
        trusted.reviewed.signers.of(principal).map(|line| line.fingerprint().to_string()).collect();
    failure
        .help(format!("trust/allowed_signers has for {principal}: {}", theirs.join(", ")))
        .help("add that key with `ssh-add FILE`; `ssh-add -l` lists what the agent holds")
}

fn connect() -> Result<Agent<impl std::io::Read + std::io::Write>, Failure> {
    match env::var_os(SOCKET).filter(|socket| !socket.is_empty()) {
        Some(socket) => Agent::connect(Path::new(&socket)).map_err(Failure::usage),
        None => Err(Failure::usage(format!("there is no ssh-agent: {SOCKET} is not set"))
            .help("start one with `eval \"$(ssh-agent)\"`, and add a key with `ssh-add FILE`")),
    }
}
