//! A signed webhook, by the Standard Webhooks convention: three headers, of which one is an HMAC-SHA-256 over the other two and the
//! body. Pure: whoever has an address and a secret sends it, and anybody with the secret can check it.

use data_encoding::BASE64;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;

/// The header with the message's id: the same at every repetition, so that a receiver takes it once.
pub const ID: &str = "webhook-id";
/// The header with the moment of sending, in seconds since 1970: a receiver refuses what is old.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// The header with the signature: `v1,` and base64.
pub const SIGNATURE: &str = "webhook-signature";

/// What a secret begins with that is written in base64.
const PREFIX: &str = "whsec_";
/// The shortest secret, in bytes.
const SHORTEST: usize = 16;

/// Why a text is no secret to sign with. No message repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// What follows `whsec_` is not base64.
    #[error("what follows `whsec_` is not base64")]
    Base64,
    /// Too short to be hard to guess.
    #[error(
        "the secret is shorter than 16 bytes: make one with `openssl rand -base64 32`, and write `whsec_` in front"
    )]
    Short,
}

/// A secret that both sides know. Its value is in no `Debug` form.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// `whsec_` and base64, as Standard Webhooks writes it; anything else is taken as it stands, without the white space around it.
    ///
    /// # Errors
    /// [`SecretError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let text = text.trim();
        let bytes = match text.strip_prefix(PREFIX) {
            Some(coded) => BASE64.decode(coded.as_bytes()).map_err(|_| SecretError::Base64)?,
            None => text.as_bytes().to_vec(),
        };
        if bytes.len() < SHORTEST { Err(SecretError::Short) } else { Ok(Self(bytes)) }
    }
}

/// One message to one receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The same at every repetition.
    pub id: String,
    /// When it is sent.
    pub at: Timestamp,
    /// JSON.
    pub body: Vec<u8>,
}

impl Message {
    /// All headers of the message, the signature among them.
    pub fn headers(&self, secret: &Secret) -> [(&'static str, String); 4] {
        [
            ("content-type", "application/json".to_owned()),
            (ID, self.id.clone()),
            (TIMESTAMP, self.at.as_second().to_string()),
            (SIGNATURE, self.signature(secret)),
        ]
    }

    /// `v1,` and the base64 of HMAC-SHA-256 over `id.timestamp.body`.
    pub fn signature(&self, secret: &Secret) -> String {
        // A key of any length will do, so this cannot fail; were it to, an empty signature verifies nowhere.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret.0) else { return String::new() };
        mac.update(self.id.as_bytes());
        mac.update(b".");
        mac.update(self.at.as_second().to_string().as_bytes());
        mac.update(b".");
        mac.update(&self.body);
        format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification's reference libraries.
    #[test]
    fn the_convention_s_own_example() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let message = Message {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
            at: Timestamp::from_second(1_614_265_330).unwrap(),
            body: br#"{"test": 2432232314}"#.to_vec(),
        };
        assert_eq!(message.signature(&secret), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(!format!("{secret:?}").contains("MfKQ"));
    }

    #[test]
    fn secrets() {
        assert_eq!(Secret::parse("whsec_not base64!").unwrap_err(), SecretError::Base64);
        assert_eq!(Secret::parse("whsec_c2hvcnQ=").unwrap_err(), SecretError::Short);
        assert_eq!(Secret::parse("short\n").unwrap_err(), SecretError::Short);
        assert_eq!(Secret::parse(" as it stands, and long\n").unwrap().0, b"as it stands, and long");
    }
}
