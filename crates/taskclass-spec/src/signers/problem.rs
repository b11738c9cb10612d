//! What can be wrong with a trust file, each with its line and bytes.

use std::fmt;

use taskclass_source::Span;
use taskclass_source::text::{quoted, visible};

use super::{key::KeyRefused, namespace::Namespace};
use crate::Principal;

/// The trust file is not usable: every problem in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignersError {
    /// At least one, in the file's order.
    pub problems: Vec<SignersProblem>,
}

impl fmt::Display for SignersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "trust/allowed_signers is refused as a whole")?;
        for problem in &self.problems {
            write!(f, "\n  line {}: {}", problem.line, problem.kind)?;
        }
        Ok(())
    }
}

impl std::error::Error for SignersError {}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignersProblem {
    /// The line, from 1.
    pub line: usize,
    /// Bytes in the file.
    pub span: Span,
    /// The place that it is about as well: the line with the same key or name.
    pub first: Option<Span>,
    /// What it is.
    pub kind: SignersProblemKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignersProblemKind {
    /// Over [`super::MAX_BYTES`].
    #[error("the file is larger than {} bytes", super::MAX_BYTES)]
    TooLarge,
    /// More than are listed.
    #[error("here is one problem more than are listed; the file is read no further")]
    TooManyProblems,
    /// Bytes that are not UTF-8.
    #[error("the file is not UTF-8")]
    NotUtf8,
    /// A byte-order mark.
    #[error("the file begins with a byte-order mark; save it without one")]
    ByteOrderMark,
    /// CR, NUL or another control character.
    #[error("the control character {0:?}; lines end with LF alone")]
    ControlCharacter(char),
    /// `a@x,b@x`.
    #[error("several names for one key ({}); one key speaks for one person", quoted(.0))]
    SeveralNames(String),
    /// `*@acme.com`, `!x`.
    #[error("{} is a pattern; write the one name that the key belongs to", quoted(.0))]
    Pattern(String),
    /// Not a principal.
    #[error(
        "{} is not a signer's name; write the e-mail address under which the person commits, such as `alice@acme.com`",
        quoted(.0)
    )]
    Name(String),
    /// The line ends before its key.
    #[error("no key on this line; a line is: name, options, key type, key, comment")]
    NoKey,
    /// `cert-authority`.
    #[error("`cert-authority` is refused: it would let an authority outside this file name the signers")]
    CertAuthority,
    /// Another option.
    #[error("{} is not an option; there are: namespaces=\"…\", valid-after=\"…\", valid-before=\"…\"", quoted(.0))]
    UnknownOption(String),
    /// An option twice.
    #[error("`{0}` is set twice")]
    OptionTwice(&'static str),
    /// An option without a quoted value.
    #[error("`{0}` needs a value in double quotes: {0}=\"…\"")]
    OptionValue(&'static str),
    /// A quote that is not closed.
    #[error("a double quote is not closed")]
    OpenQuote,
    /// No `namespaces=`.
    #[error(
        "no namespaces=\"…\": the key would count for everything; write namespaces=\"approval@taskclass,revocation@taskclass\""
    )]
    NoNamespaces,
    /// A namespace that is not one of ours, or a pattern.
    #[error("{} is not a namespace of taskclass; there are: {}", quoted(.0), Namespace::ALL.map(Namespace::as_str).join(", "))]
    Namespace(String),
    /// A time without `Z`.
    #[error("{} is a time in the zone of whichever machine reads it; end it with `Z` for UTC", quoted(.0))]
    LocalTime(String),
    /// Not a time.
    #[error("{} is not a time; write YYYYMMDDZ, YYYYMMDDHHMMZ or YYYYMMDDHHMMSSZ", quoted(.0))]
    Time(String),
    /// An empty window.
    #[error("the key is never valid: valid-before does not lie after valid-after")]
    NeverValid,
    /// A kind of key that does not count.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// Base64 or its content broken, or of another type than the line says.
    #[error("the key cannot be read as {}: {}", .0, visible(.1))]
    KeyUnreadable(String, String),
    /// The same key for two people.
    #[error("this key already belongs to {first} (line {first_line}); one key under two names would count twice")]
    KeyUnderTwoNames {
        /// The first name.
        first: Principal,
        /// Its line.
        first_line: usize,
    },
    /// The same key twice for one person.
    #[error("this key is already listed on line {first_line}; keep one line")]
    KeyListedTwice {
        /// The first line.
        first_line: usize,
    },
    /// `Alice@x` and `alice@x`.
    #[error("this name differs from {first} (line {first_line}) only in upper and lower case")]
    NamesDifferInCase {
        /// The first name.
        first: Principal,
        /// Its line.
        first_line: usize,
    },
}

impl SignersProblemKind {
    /// The name of the lint rule that reports it.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::TooLarge | Self::TooManyProblems => "file-too-large",
            Self::NotUtf8 | Self::ByteOrderMark => "not-utf8",
            Self::ControlCharacter('\r') => "line-endings",
            Self::ControlCharacter(_) => "hidden-character",
            Self::Pattern(_) => "wildcard-principal",
            Self::SeveralNames(_) | Self::KeyUnderTwoNames { .. } | Self::KeyListedTwice { .. } => "key-listed-twice",
            Self::NoNamespaces => "missing-namespace",
            Self::Name(_)
            | Self::NoKey
            | Self::CertAuthority
            | Self::UnknownOption(_)
            | Self::OptionTwice(_)
            | Self::OptionValue(_)
            | Self::OpenQuote
            | Self::Namespace(_)
            | Self::LocalTime(_)
            | Self::Time(_)
            | Self::NeverValid
            | Self::Key(_)
            | Self::KeyUnreadable(..)
            | Self::NamesDifferInCase { .. } => "malformed-signer",
        }
    }
}
