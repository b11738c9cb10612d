//! Signing a record: with a key file, through an ssh-agent, or with a signature that was made elsewhere.

mod brought;
mod held;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use taskclass_approval::{
    decide::{may_sign_for, valid_at},
    keyfile::{KeyFile, KeyFileError, LockedKey, PublicKey, SigningKey},
    write::Draft,
};
use taskclass_source::{Files, WorkTree};
use taskclass_spec::{
    Principal,
    registry::paths,
    signers::{AllowedSigners, KeyFingerprint, Namespace, Signer as Line},
    suggest,
};

use crate::{args::Signing, exit::Failure, reviewed::Reviewed, terminal, ui::Ui};

pub(crate) use brought::Brought;
use held::Held;

/// How often a passphrase is asked for.
const TRIES: usize = 3;

/// How a record gets its signature.
pub(crate) enum Way {
    /// By a key that can be used from here.
    Here(Box<Signer>),
    /// By a person, over the bytes that are printed.
    Printed,
    /// By a person, who has signed already.
    Brought(Box<Brought>),
}

impl Way {
    /// Finds the key, and checks before anything is asked or written that its signature would count.
    pub(crate) fn choose(
        reviewed: &Reviewed,
        principal: &Principal,
        signing: &Signing,
        namespace: Namespace,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let trusted = Trusted { reviewed, principal, namespace, now };
        trusted.is_known()?;
        if signing.print {
            return Ok(Self::Printed);
        }
        if let Some(path) = &signing.attach {
            return Ok(Self::Brought(Box::new(Brought::read(path)?)));
        }
        let signer = match (&signing.key, signing.agent) {
            (wanted, true) => Signer { how: How::Agent(Held::choose(&trusted, wanted.as_deref())?) },
            (Some(path), false) => {
                let file = KeyFile::read(path).map_err(unusable)?;
                trusted.line_of(file.public_key())?;
                if let KeyFile::Locked(locked) = &file {
                    can_be_unlocked(locked)?;
                }
                Signer { how: How::File { path: path.clone(), file: Box::new(file) } }
            }
            (None, false) => return Err(Failure::usage("how is it signed? --key FILE, --agent, --print or --attach")),
        };
        Ok(Self::Here(Box::new(signer)))
    }
}

/// A key file that cannot sign: who can, is said with it.
fn unusable(error: KeyFileError) -> Failure {
    match error {
        KeyFileError::Kind { .. } => Failure::refused(error).help(
            "make a key that counts with `ssh-keygen -t ed25519`, and have its public half put into trust/allowed_signers",
        ),
        other => Failure::usage(other),
    }
}

/// The trust file, as one person who signs finds it.
struct Trusted<'a> {
    reviewed: &'a Reviewed,
    principal: &'a Principal,
    namespace: Namespace,
    now: Timestamp,
}

impl Trusted<'_> {
    /// Whether the person is in it at all.
    fn is_known(&self) -> Result<(), Failure> {
        let Self { reviewed, principal, .. } = self;
        if reviewed.signers.of(principal).next().is_some() {
            return Ok(());
        }
        let failure = Failure::refused(format!("{principal} is not in trust/allowed_signers at {}", reviewed.commit));
        let uncommitted = self.in_the_work_tree();
        if uncommitted.iter().any(|line| line.principal() == *principal) {
            return Err(failure.help(
                "the work tree's trust/allowed_signers has them, and that is not committed yet: commit it, and renew the executor's pin",
            ));
        }
        let known = reviewed.signers.signers().iter().map(|line| line.principal().as_str());
        Err(match meant(principal.as_str(), known) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("the file says how a line is made; commit it, and renew the executor's pin"),
        })
    }

    /// The lines that whoever signs may have written and not committed; none where they cannot be read.
    fn in_the_work_tree(&self) -> Vec<Line> {
        let read = WorkTree::open(&self.reviewed.root)
            .ok()
            .and_then(|tree| tree.read(&paths::at(paths::ALLOWED_SIGNERS)).ok()?);
        let lines = read.and_then(|bytes| AllowedSigners::parse(&bytes).ok());
        lines.map(|lines| lines.signers().to_vec()).unwrap_or_default()
    }

    /// The person's line with this key, if it may sign this now.
    fn line_of(&self, key: &PublicKey) -> Result<&Line, Failure> {
        let Self { reviewed, principal, namespace, now } = self;
        let fingerprint = KeyFingerprint::of(key);
        let line = reviewed.signers.by_key(key).filter(|line| line.principal() == *principal);
        let Some(line) = line else {
            let failure =
                Failure::refused(format!("the key {fingerprint} is not {principal}'s in trust/allowed_signers"));
            let theirs = reviewed.signers.of(principal).map(|line| line.fingerprint().to_string());
            return Err(match reviewed.signers.by_key(key) {
                Some(line) => failure.help(format!("it is {}'s", line.principal())),
                None => failure.help(format!("there it is: {}", theirs.collect::<Vec<_>>().join(", "))),
            });
        };
        may_sign_for(line, *namespace).and_then(|()| valid_at(line, *now)).map_err(|reason| {
            Failure::refused(format!("a signature by {principal} with this key would not count")).reason(reason)
        })?;
        Ok(line)
    }
}

/// The signer that somebody meant: the one whose address begins so, or who is written nearly so.
fn meant<'a>(written: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let is_short = |name: &&str| name.split_once('@').is_some_and(|(local, _)| local.eq_ignore_ascii_case(written));
    let short: BTreeSet<&str> = known.clone().filter(is_short).collect();
    match short.len() {
        0 => suggest::closest(written, known),
        1 => short.into_iter().next(),
        // Whoever is meant, it is not for the program to guess.
        _ => None,
    }
}

/// A key that can be used from here.
pub(crate) struct Signer {
    how: How,
}

enum How {
    File { path: PathBuf, file: Box<KeyFile> },
    Agent(Held),
}

impl Signer {
    /// A key that can be used from here, whoever it belongs to: what is signed with it is held to a trust file when it is read.
    pub(crate) fn any(key: Option<&Path>, agent: bool) -> Result<Self, Failure> {
        let how = match (key, agent) {
            (wanted, true) => How::Agent(Held::any(wanted)?),
            (Some(path), false) => {
                let file = KeyFile::read(path).map_err(unusable)?;
                if let KeyFile::Locked(locked) = &file {
                    can_be_unlocked(locked)?;
                }
                How::File { path: path.to_owned(), file: Box::new(file) }
            }
            (None, false) => return Err(Failure::usage("how is it signed? --key FILE, --agent or --print")),
        };
        Ok(Self { how })
    }

    /// The key's fingerprint, and where the key is.
    pub(crate) fn shown(&self) -> String {
        let fingerprint = self.fingerprint();
        match &self.how {
            How::File { path, .. } => format!("{fingerprint} ({})", path.display()),
            How::Agent(_) => format!("{fingerprint} (ssh-agent)"),
        }
    }

    /// The key's fingerprint.
    pub(crate) fn fingerprint(&self) -> KeyFingerprint {
        KeyFingerprint::of(self.key())
    }

    /// When the key ends, if it does.
    pub(crate) fn until(&self, reviewed: &Reviewed) -> Option<Timestamp> {
        reviewed.signers.by_key(self.key())?.valid_before()
    }

    fn key(&self) -> &PublicKey {
        match &self.how {
            How::File { file, .. } => file.public_key(),
            How::Agent(held) => held.key(),
        }
    }

    /// A signature file over the draft's bytes. A passphrase is asked for once.
    pub(crate) fn sign(&mut self, draft: &Draft, ui: &mut Ui) -> Result<String, Failure> {
        match &mut self.how {
            How::Agent(held) => held.sign(draft),
            How::File { file, .. } => {
                let key = match &**file {
                    KeyFile::Open(key) => return draft.sign(key).map_err(Failure::usage),
                    KeyFile::Locked(locked) => unlock(locked, ui)?,
                };
                let signature = draft.sign(&key).map_err(Failure::usage)?;
                **file = KeyFile::Open(key);
                Ok(signature)
            }
        }
    }
}

/// Whether there is anybody to ask for the passphrase: said before anything is shown or asked.
fn can_be_unlocked(locked: &LockedKey) -> Result<(), Failure> {
    if terminal::is_there() {
        return Ok(());
    }
    let path = locked.path().display();
    Err(Failure::usage(format!("the key {path} has a passphrase, and there is no terminal to ask for it on"))
        .help(format!("load it into an ssh-agent with `ssh-add {path}`, and use --agent")))
}

/// Asks for the passphrase, three times at most.
fn unlock(locked: &LockedKey, ui: &mut Ui) -> Result<SigningKey, Failure> {
    let path = locked.path();
    ui.flush();
    let mut tries = 1;
    loop {
        match locked.unlock(&terminal::passphrase(path)?) {
            Ok(key) => return Ok(key),
            Err(error @ KeyFileError::WrongPassphrase { .. }) if tries < TRIES => {
                tries += 1;
                ui.tell(format!("{error}; try again"));
            }
            Err(error) => return Err(Failure::usage(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn a_signer_is_meant_by_the_name_before_the_at_or_nearly_so() {
        let known = ["alice@acme.com", "alice@acme.com", "bob@acme.com", "bob@other.example"];
        for (written, expected) in [
            ("alice", Some("alice@acme.com")),
            ("Alice", Some("alice@acme.com")),
            ("alicia@acme.com", Some("alice@acme.com")),
            ("bob", None),
            ("mallory", None),
        ] {
            assert_eq!(meant(written, known.into_iter()), expected, "{written}");
        }
    }
}
