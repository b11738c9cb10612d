//! Private keys: from a file, as ssh reads them, and back into one.
//!
//! One of the two modules of this crate that touch the file system. What is secret is wiped when it is no longer needed.

#![expect(clippy::disallowed_methods, reason = "the module that reads and writes key files")]

use std::{
    fmt,
    fs::{File, Metadata, OpenOptions},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use ssh_key::{
    LineEnding, PrivateKey,
    private::{Ed25519Keypair, KeypairData},
};
use taskclass_spec::signers::{KINDS, KeyFingerprint, KeyRefused, Namespace, check_key};

use zeroize::Zeroizing;

use crate::sshsig;

pub use ssh_key::public::KeyData as PublicKey;

const MAX_BYTES: usize = 64 * 1024;

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
    #[error(
        "{} is a public key; give the private key (the same path without .pub), or --agent beside it if an ssh-agent holds the private key",
        path.display()
    )]
    Public {
        /// Which.
        path: PathBuf,
    },
    /// Not a public key.
    #[error("{} is not a public key in OpenSSH's format ({reason}); it is the file that ends with .pub", path.display())]
    NotPublic {
        /// Which.
        path: PathBuf,
        /// The reader's words.
        reason: String,
    },
    /// Not an OpenSSH private key.
    #[error(
        "{} is not a private key in OpenSSH's format ({reason}); make one with `ssh-keygen -t ed25519`, or bring an older file into it with `ssh-keygen -p -f FILE`",
        path.display()
    )]
    Format {
        /// Which.
        path: PathBuf,
        /// The reader's words.
        reason: String,
    },
    /// The passphrase is not this key's.
    #[error("that is not the passphrase of {}", path.display())]
    WrongPassphrase {
        /// Which.
        path: PathBuf,
    },
    /// It has a passphrase, under a cipher that is not known here.
    #[error(
        "the key {} cannot be unlocked here ({reason}); load it into an ssh-agent with `ssh-add`, and use --agent",
        path.display()
    )]
    Cipher {
        /// Which.
        path: PathBuf,
        /// The reader's words.
        reason: String,
    },
    /// A FIDO token holds the key; the file is only a handle.
    #[error(
        "the key {} is held by a security key; use --agent if an ssh-agent has it, else --print and ssh-keygen, which asks for the touch",
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

/// What a private key file holds.
#[derive(Debug)]
pub enum KeyFile {
    /// A key that can sign.
    Open(SigningKey),
    /// A key behind a passphrase.
    Locked(LockedKey),
}

impl KeyFile {
    /// Reads a key file, as `ssh -i` would: refused if others may read it, or if its kind does not count.
    ///
    /// # Errors
    /// Why it cannot be used, with what to use instead.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let io = |error| KeyFileError::Io { path: path.to_owned(), error };
        let file = File::open(path).map_err(io)?;
        let metadata = file.metadata().map_err(io)?;
        let text = Zeroizing::new(read_text(file).map_err(io)?);
        // A public key may be read by everybody.
        if KINDS.iter().chain(&["ssh-rsa", "ssh-dss"]).any(|kind| text.starts_with(kind)) {
            return Err(KeyFileError::Public { path: path.to_owned() });
        }
        check_permissions(path, &metadata)?;
        Self::from_text(path, &text)
    }

    /// The same of the file's text.
    fn from_text(path: &Path, text: &str) -> Result<Self, KeyFileError> {
        let key = PrivateKey::from_openssh(text)
            .map_err(|error| KeyFileError::Format { path: path.to_owned(), reason: error.to_string() })?;
        check_key(key.public_key().key_data())
            .map_err(|refused| KeyFileError::Kind { path: path.to_owned(), refused })?;
        match key.key_data() {
            KeypairData::Encrypted(_) => Ok(Self::Locked(LockedKey { path: path.to_owned(), key })),
            KeypairData::SkEd25519(_) | KeypairData::SkEcdsaSha2NistP256(_) => {
                Err(KeyFileError::SecurityKey { path: path.to_owned() })
            }
            _ => Ok(Self::Open(SigningKey { key })),
        }
    }

    /// The public key, which a file shows without its passphrase.
    pub fn public_key(&self) -> &PublicKey {
        match self {
            Self::Open(key) => key.public_key(),
            Self::Locked(locked) => locked.key.public_key().key_data(),
        }
    }
}

/// Reads a public key file.
///
/// # Errors
/// Why it cannot be used.
pub fn read_public(path: &Path) -> Result<PublicKey, KeyFileError> {
    let io = |error| KeyFileError::Io { path: path.to_owned(), error };
    let text = Zeroizing::new(File::open(path).and_then(read_text).map_err(io)?);
    let key = ssh_key::PublicKey::from_openssh(text.trim_end())
        .map_err(|error| KeyFileError::NotPublic { path: path.to_owned(), reason: error.to_string() })?;
    check_key(key.key_data()).map_err(|refused| KeyFileError::Kind { path: path.to_owned(), refused })?;
    Ok(key.key_data().clone())
}

/// A file's text, in a buffer that does not move while it grows: no copy is left behind.
fn read_text(file: File) -> std::io::Result<String> {
    let mut text = String::with_capacity(MAX_BYTES + 1);
    file.take(MAX_BYTES as u64).read_to_string(&mut text)?;
    Ok(text)
}

/// A private key behind a passphrase. Its Debug output shows the fingerprint only.
pub struct LockedKey {
    path: PathBuf,
    key: PrivateKey,
}

impl LockedKey {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The key, if this is its passphrase.
    ///
    /// # Errors
    /// Where it is not, and where the cipher is not known here.
    pub fn unlock(&self, passphrase: &str) -> Result<SigningKey, KeyFileError> {
        match self.key.decrypt(passphrase) {
            Ok(key) => Ok(SigningKey { key }),
            Err(ssh_key::Error::Crypto) => Err(KeyFileError::WrongPassphrase { path: self.path.clone() }),
            Err(error) => Err(KeyFileError::Cipher { path: self.path.clone(), reason: error.to_string() }),
        }
    }
}

impl fmt::Debug for LockedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LockedKey").field(&KeyFingerprint::of(self.key.public_key().key_data())).finish()
    }
}

/// A private key that can sign here. Its Debug output shows the fingerprint only.
#[derive(Clone)]
pub struct SigningKey {
    key: PrivateKey,
}

impl SigningKey {
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
    pub fn public_key(&self) -> &PublicKey {
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
fn check_permissions(path: &Path, metadata: &Metadata) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyFileError::Permissions { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn check_permissions(_: &Path, _: &Metadata) -> Result<(), KeyFileError> {
    Ok(())
}
