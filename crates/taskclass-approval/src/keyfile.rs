//! Private keys: from a file, as ssh reads them, and back into one.
//!
//! One of the two modules of this crate that touch the file system.

#![expect(clippy::disallowed_methods, reason = "the module that reads and writes key files")]

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use ssh_key::{LineEnding, PrivateKey, private::Ed25519Keypair, private::KeypairData};
use taskclass_spec::signers::{KINDS, KeyFingerprint, KeyRefused, Namespace, check_key};

use crate::sshsig;

const MAX_BYTES: u64 = 64 * 1024;

/// Why a private key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read or written.
    #[error("cannot use the key file {}: {error}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Others may read it.
    #[error("the key file {} can be read by others (mode {mode:o}); run: chmod 600 {}", path.display(), path.display())]
    Permissions {
        /// Which.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A public key.
    #[error("{} is a public key; give the private key (the same path without .pub)", path.display())]
    Public {
        /// Which.
        path: PathBuf,
    },
    /// Not an OpenSSH private key.
    #[error("{} is not a private key in OpenSSH's format ({reason}); make one with: ssh-keygen -t ed25519", path.display())]
    Format {
        /// Which.
        path: PathBuf,
        /// The reader's words.
        reason: String,
    },
    /// It has a passphrase.
    #[error(
        "the key {} has a passphrase; use --print, and sign the printed bytes with ssh-keygen, which asks for it",
        path.display()
    )]
    Encrypted {
        /// Which.
        path: PathBuf,
    },
    /// A FIDO token holds the key; the file is only a handle.
    #[error(
        "the key {} is held by a security key; use --print, and sign the printed bytes with ssh-keygen, which asks for the touch",
        path.display()
    )]
    SecurityKey {
        /// Which.
        path: PathBuf,
    },
    /// A kind of key that does not count.
    #[error("the key {}: {refused}", path.display())]
    Kind {
        /// Which.
        path: PathBuf,
        /// Why not.
        refused: KeyRefused,
    },
}

/// A private key that can sign here. Its Debug output shows the fingerprint only.
#[derive(Clone)]
pub struct SigningKey {
    key: PrivateKey,
}

impl SigningKey {
    /// Reads a key file, as `ssh -i` would: refused if others may read it.
    pub fn from_file(path: &Path) -> Result<Self, KeyFileError> {
        let io = |error| KeyFileError::Io { path: path.to_owned(), error };
        let file = File::open(path).map_err(io)?;
        check_permissions(path, &file)?;
        let mut text = String::new();
        file.take(MAX_BYTES).read_to_string(&mut text).map_err(io)?;
        Self::from_text(path, &text)
    }

    /// The same of the file's text.
    fn from_text(path: &Path, text: &str) -> Result<Self, KeyFileError> {
        if KINDS.iter().chain(&["ssh-rsa", "ssh-dss"]).any(|kind| text.starts_with(kind)) {
            return Err(KeyFileError::Public { path: path.to_owned() });
        }
        let key = PrivateKey::from_openssh(text)
            .map_err(|error| KeyFileError::Format { path: path.to_owned(), reason: error.to_string() })?;
        check_key(key.public_key().key_data())
            .map_err(|refused| KeyFileError::Kind { path: path.to_owned(), refused })?;
        match key.key_data() {
            KeypairData::Encrypted(_) => Err(KeyFileError::Encrypted { path: path.to_owned() }),
            KeypairData::SkEd25519(_) | KeypairData::SkEcdsaSha2NistP256(_) => {
                Err(KeyFileError::SecurityKey { path: path.to_owned() })
            }
            _ => Ok(Self { key }),
        }
    }

    /// An ed25519 key from 32 random bytes; `comment` is usually the principal. For the demo's throw-away signers.
    pub fn ed25519_from_seed(seed: &[u8; 32], comment: &str) -> Self {
        let mut key = PrivateKey::from(Ed25519Keypair::from_seed(seed));
        key.set_comment(comment);
        Self { key }
    }

    /// Writes a new key file that only its owner may read; refuses to replace a file.
    pub fn write_new(&self, path: &Path) -> Result<(), KeyFileError> {
        let io = |error| KeyFileError::Io { path: path.to_owned(), error };
        let text = self
            .key
            .to_openssh(LineEnding::LF)
            .map_err(|error| KeyFileError::Format { path: path.to_owned(), reason: error.to_string() })?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(io)
    }

    /// The public key as OpenSSH writes it, without a comment: `ssh-ed25519 AAAA…`.
    pub fn public_openssh(&self) -> String {
        let mut public = self.key.public_key().clone();
        public.set_comment("");
        public.to_openssh().unwrap_or_default().trim_end().to_owned()
    }

    /// The public key.
    pub fn public_key(&self) -> &ssh_key::public::KeyData {
        self.key.public_key().key_data()
    }

    /// The key's fingerprint.
    pub fn fingerprint(&self) -> KeyFingerprint {
        KeyFingerprint::of(self.key.public_key().key_data())
    }

    /// A signature file over `message`, as `ssh-keygen -Y sign` writes it.
    pub fn sign(&self, namespace: Namespace, message: &[u8]) -> Result<String, SignError> {
        sshsig::sign(&self.key, namespace, message).map_err(|error| SignError(error.to_string()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.fingerprint()).finish()
    }
}

/// The signature could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot sign with this key: {0}")]
pub struct SignError(String);

#[cfg(unix)]
fn check_permissions(path: &Path, file: &File) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = file.metadata().map_err(|error| KeyFileError::Io { path: path.to_owned(), error })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyFileError::Permissions { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn check_permissions(_: &Path, _: &File) -> Result<(), KeyFileError> {
    Ok(())
}
