//! The bearer token: its kind, and no way for it to be printed.

use std::fmt;

/// What kind of token it is, told by its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// `github_pat_…`: a fine-grained personal access token.
    FineGrainedPat,
    /// `ghp_…`, or forty hexadecimal digits: a classic personal access token.
    ClassicPat,
    /// `gho_…`: an OAuth app's token for a user.
    OAuth,
    /// `ghu_…`: a GitHub App's token for a user.
    AppUser,
    /// No known prefix.
    Unrecognised,
}

impl TokenKind {
    /// The name used in configuration and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FineGrainedPat => "fine_grained_pat",
            Self::ClassicPat => "classic_pat",
            Self::OAuth => "oauth",
            Self::AppUser => "app_user",
            Self::Unrecognised => "unrecognised",
        }
    }

    /// What it is, for a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::FineGrainedPat => "a fine-grained personal access token (github_pat_…)",
            Self::ClassicPat => "a classic personal access token (ghp_…)",
            Self::OAuth => "an OAuth app's token for a user (gho_…)",
            Self::AppUser => "a GitHub App's token for a user (ghu_…)",
            Self::Unrecognised => "of a kind that this version does not know",
        }
    }

    /// How one of this kind is got; empty for [`TokenKind::Unrecognised`].
    pub fn how_to_get(self) -> &'static str {
        match self {
            Self::FineGrainedPat => {
                "make a fine-grained personal access token at https://github.com/settings/personal-access-tokens/new: only the repositories \
                 that classes reach, an expiry date, the permission \"Agent tasks\" (read and write)"
            }
            Self::AppUser => "have a GitHub App ask the user for a user access token (ghu_…)",
            Self::OAuth => "have an OAuth app ask the user for a token (gho_…)",
            Self::ClassicPat => "make a classic personal access token with the scope `repo`",
            Self::Unrecognised => "",
        }
    }
}

impl fmt::Display for TokenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is not taken as a token. No message repeats any part of it but its documented prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing was given.
    #[error("the token is empty: set a GitHub token of a licensed user")]
    Empty,
    /// It holds characters that no token has.
    #[error("the token holds white space or characters that no GitHub token has: check how it was copied")]
    Malformed,
    /// `ghs_…`: GitHub does not accept these for agent tasks.
    #[error(
        "this is an installation token (ghs_…, as GitHub Actions' GITHUB_TOKEN is), which GitHub's agent tasks API does not accept: use \
         a fine-grained personal access token with the repository permission \"Agent tasks\" (read and write) of a licensed user, or a \
         GitHub App's user access token (ghu_…)"
    )]
    Installation,
    /// `eyJ…`: a GitHub App proving that it is itself.
    #[error(
        "this is an app's own JSON Web Token (eyJ…), which only serves to ask for other tokens: use a fine-grained personal access token with \
         the repository permission \"Agent tasks\" (read and write) of a licensed user, or a GitHub App's user access token (ghu_…)"
    )]
    AppJwt,
    /// `ghr_…`: only good for getting another token.
    #[error("this is a refresh token (ghr_…): exchange it for a user access token (ghu_…) and use that")]
    Refresh,
}

/// A bearer token. It can be sent and compared against text, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    secret: String,
    kind: TokenKind,
}

impl Token {
    /// Takes a token, without the white space around it, and refuses the kinds that cannot work before any request is made.
    ///
    /// # Errors
    /// [`TokenError`] says what to use instead.
    pub fn new(secret: &str) -> Result<Self, TokenError> {
        let secret = secret.trim();
        if secret.is_empty() {
            return Err(TokenError::Empty);
        }
        if !secret.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(TokenError::Malformed);
        }
        let kind = match secret {
            // `v1.` and forty hexadecimal digits is how they were written before 2021.
            s if s.starts_with("ghs_") || s.starts_with("v1.") => return Err(TokenError::Installation),
            s if s.starts_with("eyJ") => return Err(TokenError::AppJwt),
            s if s.starts_with("ghr_") => return Err(TokenError::Refresh),
            s if s.starts_with("github_pat_") => TokenKind::FineGrainedPat,
            s if s.starts_with("ghp_") => TokenKind::ClassicPat,
            s if s.starts_with("gho_") => TokenKind::OAuth,
            s if s.starts_with("ghu_") => TokenKind::AppUser,
            s if s.len() == 40 && s.bytes().all(|b| b.is_ascii_hexdigit()) => TokenKind::ClassicPat,
            _ => TokenKind::Unrecognised,
        };
        Ok(Self { secret: secret.to_owned(), kind })
    }

    /// What kind of token it is.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The value of the `authorization` field. Only the transport sees it.
    pub(crate) fn bearer(&self) -> String {
        format!("Bearer {}", self.secret)
    }

    /// Overwrites every occurrence of the token in what a server sent back, so that an echo cannot reach an error or a journal.
    pub(crate) fn scrub(&self, bytes: &mut [u8]) {
        let secret = self.secret.as_bytes();
        let mut at = 0;
        while let Some(window) = bytes.get_mut(at..at + secret.len()) {
            if window == secret {
                window.fill(b'*');
                at += secret.len();
            } else {
                at += 1;
            }
        }
    }

    /// [`Token::scrub`] for text.
    pub(crate) fn scrub_text(&self, text: &str) -> String {
        text.replace(&self.secret, "***")
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, redacted)", self.kind)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} token]", self.kind)
    }
}

#[cfg(test)]
mod tests;
