//! An agent of bytes: what it answers, and what is made of it.

use super::*;
use crate::keyfile::SigningKey;

/// Answers what it was given, and keeps what it was asked.
struct Scripted {
    answers: io::Cursor<Vec<u8>>,
    asked: Vec<u8>,
}

impl Read for Scripted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.answers.read(buffer)
    }
}

impl Write for Scripted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.asked.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn string(bytes: &[u8]) -> Vec<u8> {
    let mut framed = Vec::new();
    sshsig::put_string(&mut framed, bytes);
    framed
}

fn agent(answer: &[u8]) -> Agent<Scripted> {
    Agent { stream: Scripted { answers: io::Cursor::new(string(answer)), asked: Vec::new() } }
}

/// An answer that lists these keys, with their comments.
fn listing(keys: &[(&[u8], &str)]) -> Vec<u8> {
    let mut answer = vec![IDENTITIES_ANSWER];
    answer.extend_from_slice(&u32::try_from(keys.len()).unwrap().to_be_bytes());
    for (blob, comment) in keys {
        answer.extend(string(blob));
        answer.extend(string(comment.as_bytes()));
    }
    answer
}

fn key() -> SigningKey {
    SigningKey::ed25519_from_seed(&[7; 32], "alice@acme.com")
}

fn blob() -> Vec<u8> {
    PublicKey::from(key().public_key().clone()).to_bytes().unwrap()
}

#[test]
fn keys_of_other_kinds_are_listed_beside_those_that_count() {
    let rsa = [string(b"ssh-rsa"), string(&[1, 0, 1]), string(&[0x7f; 128])].concat();
    let strange = [string(b"ssh-future"), string(b"x")].concat();
    let certificate = [string(b"ssh-ed25519-cert-v01@openssh.com"), string(b"x")].concat();
    let keys: &[(&[u8], &str)] =
        &[(&rsa, "old"), (&blob(), "alice\u{1b}[2J"), (&strange, "new"), (&certificate, "signed"), (b"", "none")];
    let held = agent(&listing(keys)).keys().unwrap();
    assert_eq!(held[0].key, Err(KeyRefused::Rsa));
    assert_eq!(held[1].key.as_ref(), Ok(key().public_key()));
    assert_eq!(held[2].key, Err(KeyRefused::Unknown("ssh-future".to_owned())));
    assert_eq!(held[3].key, Err(KeyRefused::Certificate));
    assert_eq!(held[4].key, Err(KeyRefused::Unknown(String::new())));
    assert!(!held[1].to_string().contains('\u{1b}') && held[1].to_string().contains("SHA256:"), "{}", held[1]);
}

#[test]
fn no_answer_takes_more_than_it_may() {
    let mut long = agent(b"");
    long.stream.answers = io::Cursor::new(vec![0xff; 64]);
    assert!(matches!(long.keys(), Err(AgentError::Answer("it is too long"))));
    let many = [&[IDENTITIES_ANSWER][..], &[0xff; 4]].concat();
    assert!(matches!(agent(&many).keys(), Err(AgentError::Answer("it lists too many keys"))));
    let early = [&[IDENTITIES_ANSWER][..], &1u32.to_be_bytes(), &[0, 0, 1, 0]].concat();
    assert!(matches!(agent(&early).keys(), Err(AgentError::Answer("it ends early"))));
    let more = [listing(&[(&blob(), "x")]), vec![0]].concat();
    assert!(matches!(agent(&more).keys(), Err(AgentError::Answer("bytes follow its end"))));
    for cut in 0..listing(&[(&blob(), "x")]).len() {
        agent(&listing(&[(&blob(), "x")])[..cut]).keys().unwrap_err();
    }
    let mut gone = agent(b"");
    gone.stream.answers = io::Cursor::new(Vec::new());
    assert!(matches!(gone.keys(), Err(AgentError::Io(_))));
}

proptest::proptest! {
    #[test]
    fn whatever_an_agent_says_nothing_breaks(answer in proptest::collection::vec(proptest::num::u8::ANY, 0..300), number in 0u8..20) {
        for answer in [answer.clone(), [vec![number], answer].concat()] {
            let mut raw = agent(b"");
            raw.stream.answers = io::Cursor::new(answer.clone());
            let _ = raw.keys();
            for held in agent(&answer).keys().unwrap_or_default() {
                proptest::prop_assert!(!held.to_string().contains(char::is_control));
            }
            proptest::prop_assert!(agent(&answer).sign(key().public_key(), Namespace::Approval, b"bytes").is_err());
        }
    }
}

#[test]
fn a_signature_over_something_else_is_not_taken() {
    let sign = |answer: &[u8]| agent(answer).sign(key().public_key(), Namespace::Approval, b"bytes");
    assert!(matches!(sign(&[FAILURE]), Err(AgentError::Refused)));
    assert!(matches!(agent(&[FAILURE]).keys(), Err(AgentError::NotListed)), "nothing was to be signed yet");
    assert!(matches!(sign(&[SIGN_RESPONSE]), Err(AgentError::Answer("it ends early"))));
    assert!(matches!(sign(&[6]), Err(AgentError::Answer("it answers something else"))));
    // Well formed, and over nothing that was asked.
    let signature = [string(b"ssh-ed25519"), string(&[1; 64])].concat();
    let answer = [vec![SIGN_RESPONSE], string(&signature)].concat();
    assert!(matches!(sign(&answer), Err(AgentError::Signature(SignatureError::OtherBytes))));
}
