//! ssh-agent: which keys it holds, and signatures by them.
//!
//! The two requests of the agent protocol that signing needs, read strictly and within bounds. The libraries for it bring
//! RSA code along that is kept out of this program. One of the modules of this crate that leave the process.

use std::{
    io::{self, Read, Write},
    path::Path,
    path::PathBuf,
};

use ssh_key::{PublicKey, public::KeyData};
use taskclass_source::text::visible;
use taskclass_spec::signers::{KeyFingerprint, KeyRefused, Namespace, check_key};

use crate::sshsig::{self, SignatureError};

const FAILURE: u8 = 5;
const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;

/// The most that is read of an answer: what OpenSSH's own agent allows itself.
const MAX_ANSWER: usize = 256 * 1024;
/// The most keys that an answer may list; OpenSSH's own bound as well.
const MAX_KEYS: usize = 2048;
/// How long a person may take to confirm the use of a key, or to touch it.
#[cfg(unix)]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

/// How long it may take to take a request.
#[cfg(unix)]
const PROMPT: std::time::Duration = std::time::Duration::from_secs(10);

/// Why the agent is of no use.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// Nobody listens there.
    #[error("no ssh-agent answers at {}: {error}", path.display())]
    Connect {
        /// Where.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The conversation broke off.
    #[error("the ssh-agent broke off: {0}")]
    Io(io::Error),
    /// No answer in time.
    #[error(
        "the ssh-agent has not answered for two minutes; a key that asks for a touch or a confirmation waits for it"
    )]
    Silent,
    /// It does not take what it is sent.
    #[error("the ssh-agent has not taken the request for ten seconds")]
    Stalled,
    /// An answer that is not the protocol's.
    #[error("the ssh-agent's answer is not the protocol's: {0}")]
    Answer(&'static str),
    /// It does not say which keys it holds.
    #[error("the ssh-agent refused to list its keys")]
    NotListed,
    /// It said no.
    #[error("the ssh-agent refused to sign: the use was not confirmed, or the key is gone from it")]
    Refused,
    /// It signed, and the signature does not count.
    #[error("the ssh-agent's signature does not count: {0}")]
    Signature(#[from] SignatureError),
    /// This system has none.
    #[error("an ssh-agent is reached through a socket, which this system does not have")]
    NoSockets,
}

/// A key that an agent holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The key, or why it does not count.
    pub key: Result<KeyData, KeyRefused>,
    /// What it was called when it was added; anything may stand here.
    pub comment: String,
}

impl std::fmt::Display for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let comment = visible(&self.comment);
        match &self.key {
            Ok(key) => write!(f, "{} {} ({comment})", key.algorithm(), KeyFingerprint::of(key)),
            Err(refused) => write!(f, "{comment}: {refused}"),
        }
    }
}

/// A conversation with an agent.
#[derive(Debug)]
pub struct Agent<S> {
    stream: S,
}

#[cfg(unix)]
impl Agent<std::os::unix::net::UnixStream> {
    /// The agent that listens at `path` (`SSH_AUTH_SOCK`).
    ///
    /// # Errors
    /// Where nobody does.
    pub fn connect(path: &Path) -> Result<Self, AgentError> {
        let connect = || {
            let stream = std::os::unix::net::UnixStream::connect(path)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            // Nobody has to be waited for while it takes a request.
            stream.set_write_timeout(Some(PROMPT))?;
            Ok(Self { stream })
        };
        connect().map_err(|error| AgentError::Connect { path: path.to_owned(), error })
    }
}

#[cfg(not(unix))]
impl Agent<io::Empty> {
    /// Nobody listens here.
    ///
    /// # Errors
    /// Always.
    pub fn connect(_: &Path) -> Result<Self, AgentError> {
        Err(AgentError::NoSockets)
    }
}

impl<S: Read + Write> Agent<S> {
    /// The keys that it holds, in its order; none while it is locked.
    ///
    /// # Errors
    /// Where the conversation fails.
    pub fn keys(&mut self) -> Result<Vec<Held>, AgentError> {
        let answer = self.ask(&[REQUEST_IDENTITIES])?;
        let mut rest = expect(&answer, IDENTITIES_ANSWER, AgentError::NotListed)?;
        let count = take_length(&mut rest)?;
        if count > MAX_KEYS {
            return Err(AgentError::Answer("it lists too many keys"));
        }
        let mut held = Vec::new();
        for _ in 0..count {
            let blob = take_string(&mut rest)?;
            let comment = String::from_utf8_lossy(take_string(&mut rest)?).into_owned();
            held.push(Held { key: read_key(blob), comment });
        }
        end(rest)?;
        Ok(held)
    }

    /// A signature file over `message` by a key that it holds, as `ssh-keygen -Y sign` writes it. The signature is verified
    /// before it is given: what comes from another process is not believed.
    ///
    /// # Errors
    /// Where it refuses, or signs something else.
    pub fn sign(&mut self, key: &KeyData, namespace: Namespace, message: &[u8]) -> Result<String, AgentError> {
        let content = |error: ssh_key::Error| SignatureError::Content(error.to_string());
        let blob = PublicKey::from(key.clone()).to_bytes().map_err(content)?;
        let mut request = vec![SIGN_REQUEST];
        sshsig::put_string(&mut request, &blob);
        sshsig::put_string(&mut request, &sshsig::to_sign(namespace, message)?);
        request.extend_from_slice(&0u32.to_be_bytes());
        let answer = self.ask(&request)?;
        let mut rest = expect(&answer, SIGN_RESPONSE, AgentError::Refused)?;
        let signature = take_string(&mut rest)?;
        end(rest)?;
        Ok(sshsig::assemble(key, namespace, signature, message)?)
    }

    /// One request, one answer.
    fn ask(&mut self, request: &[u8]) -> Result<Vec<u8>, AgentError> {
        let mut framed = Vec::with_capacity(request.len() + 4);
        sshsig::put_string(&mut framed, request);
        self.stream.write_all(&framed).and_then(|()| self.stream.flush()).map_err(stalled)?;
        let mut length = [0; 4];
        self.stream.read_exact(&mut length).map_err(broken)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > MAX_ANSWER {
            return Err(AgentError::Answer("it is too long"));
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).map_err(broken)?;
        Ok(answer)
    }
}

fn stalled(error: io::Error) -> AgentError {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => AgentError::Stalled,
        _ => AgentError::Io(error),
    }
}

fn broken(error: io::Error) -> AgentError {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => AgentError::Silent,
        _ => AgentError::Io(error),
    }
}

/// What follows the answer's number, if it is the expected one; `refused` is what its no means.
fn expect(answer: &[u8], number: u8, refused: AgentError) -> Result<&[u8], AgentError> {
    match answer.split_first() {
        Some((found, rest)) if *found == number => Ok(rest),
        Some((&FAILURE, _)) => Err(refused),
        Some(_) => Err(AgentError::Answer("it answers something else")),
        None => Err(AgentError::Answer("it is empty")),
    }
}

fn take_length(rest: &mut &[u8]) -> Result<usize, AgentError> {
    let (length, after) = rest.split_first_chunk::<4>().ok_or(AgentError::Answer("it ends early"))?;
    *rest = after;
    Ok(usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX))
}

fn take_string<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], AgentError> {
    let length = take_length(rest)?;
    let (string, after) = rest.split_at_checked(length).ok_or(AgentError::Answer("it ends early"))?;
    *rest = after;
    Ok(string)
}

fn end(rest: &[u8]) -> Result<(), AgentError> {
    if rest.is_empty() { Ok(()) } else { Err(AgentError::Answer("bytes follow its end")) }
}

/// A key as the agent lists it. One of an unknown kind spoils nothing: it is listed with the others.
fn read_key(mut blob: &[u8]) -> Result<KeyData, KeyRefused> {
    let whole = blob;
    let kind = take_string(&mut blob).map(|kind| String::from_utf8_lossy(kind).into_owned()).unwrap_or_default();
    if kind.contains("-cert-v0") {
        return Err(KeyRefused::Certificate);
    }
    let key = PublicKey::from_bytes(whole).map_err(|_| KeyRefused::Unknown(kind))?;
    check_key(key.key_data())?;
    Ok(key.key_data().clone())
}

#[cfg(test)]
mod tests;
