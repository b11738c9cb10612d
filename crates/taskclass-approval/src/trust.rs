//! The trust file, and the pin that holds it from outside the registry.
//!
//! Whoever can change the registry can change `trust/allowed_signers`. So what the executor trusts is named in its own
//! configuration, by the file's SHA-256.

use std::fmt;

use taskclass_spec::{
    Digest,
    registry::paths::ALLOWED_SIGNERS,
    signers::{AllowedSigners, SignersError},
};

/// What the trust file is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pin {
    /// It must have this SHA-256. The only choice for a run.
    Sha256(Digest),
    /// Whatever the registry holds, for a look at a registry without an executor's configuration. [`TrustSource`]
    /// says so in the output.
    Unpinned,
}

/// How the signers came to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustSource {
    /// The file has the pinned SHA-256.
    Pinned(Digest),
    /// The registry's own file, believed as it stands. Good for a look; never for a run.
    Unpinned(Digest),
}

impl TrustSource {
    /// Whether a pin outside the registry held the file.
    pub fn is_pinned(self) -> bool {
        matches!(self, Self::Pinned(_))
    }
}

impl fmt::Display for TrustSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pinned(digest) => write!(f, "{ALLOWED_SIGNERS} is the pinned one ({digest})"),
            Self::Unpinned(digest) => write!(
                f,
                "{ALLOWED_SIGNERS} was believed as the registry holds it ({digest}); an executor's configuration pins it"
            ),
        }
    }
}

/// Why nobody is trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// Not in the registry at this commit.
    #[error("{ALLOWED_SIGNERS} is missing at this commit; without it nothing is approved")]
    Missing,
    /// Other bytes than the pinned ones.
    #[error(
        "{ALLOWED_SIGNERS} has {found}, but the executor's configuration pins {pinned}; \
         if the change of signers is meant, review it and set registry.allowed_signers to the new value"
    )]
    OtherThanPinned {
        /// As configured.
        pinned: Digest,
        /// As found.
        found: Digest,
    },
    /// Problems in the file.
    #[error(transparent)]
    Signers(#[from] SignersError),
}

/// The signers in `bytes` (`None`: there is no such file), if the pin allows them.
pub fn load(bytes: Option<&[u8]>, pin: Pin) -> Result<(AllowedSigners, TrustSource), TrustError> {
    let bytes = bytes.ok_or(TrustError::Missing)?;
    let found = Digest::of(bytes);
    let source = match pin {
        Pin::Sha256(pinned) if pinned == found => TrustSource::Pinned(found),
        Pin::Sha256(pinned) => return Err(TrustError::OtherThanPinned { pinned, found }),
        Pin::Unpinned => TrustSource::Unpinned(found),
    };
    Ok((AllowedSigners::parse(bytes)?, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pin_decides_before_the_content_is_read() {
        let bytes = b"not a trust file";
        let other = Digest::of(b"another");
        let error = load(Some(bytes), Pin::Sha256(other)).unwrap_err();
        assert_eq!(error, TrustError::OtherThanPinned { pinned: other, found: Digest::of(bytes) });
        assert!(matches!(load(Some(bytes), Pin::Unpinned), Err(TrustError::Signers(_))));
        assert_eq!(load(None, Pin::Unpinned), Err(TrustError::Missing));
        let (signers, source) = load(Some(b""), Pin::Sha256(Digest::of(b""))).unwrap();
        assert!(signers.signers().is_empty() && source.is_pinned());
    }
}
