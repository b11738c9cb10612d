//! The bytes are `trust/allowed_signers`.

use taskclass_source::text::visible;
use taskclass_spec::signers::{AllowedSigners, SignersError};

use crate::hold;

pub(super) const WORDS: &[&str] = &[
    "alice@acme.com ",
    "bob@acme.com ",
    "Alice@acme.com ",
    "namespaces=\"approval@taskclass\" ",
    "namespaces=\"approval@taskclass,revocation@taskclass\",",
    "NAMESPACES=\"audit@taskclass\" ",
    "valid-after=\"20260101Z\",",
    "valid-before=\"202612312359Z\" ",
    "valid-before=\"20260230Z\" ",
    "cert-authority ",
    "no-touch-required ",
    "ssh-ed25519 ",
    "ssh-rsa ",
    "ecdsa-sha2-nistp256 ",
    "sk-ssh-ed25519@openssh.com ",
    "AAAAC3NzaC1lZDI1NTE5AAAAI",
    "*",
    "?",
    "!",
    ",",
    "\"",
    "\\\"",
    "#",
    "\t",
    "\r",
    "\u{feff}",
    "\u{a0}",
    "\u{202e}",
    "@",
    " ",
    "\n",
];

pub(super) fn check(bytes: &[u8]) {
    match AllowedSigners::parse(bytes) {
        Ok(signers) => accepted(bytes, &signers),
        Err(error) => refused(bytes, &error),
    }
}

/// What is accepted says line by line one person, one key and what for, and still does in any other order and without any
/// of its lines.
fn accepted(bytes: &[u8], signers: &AllowedSigners) {
    let Ok(text) = std::str::from_utf8(bytes) else { unreachable!("accepted, and no UTF-8") };
    let speaks = |line: &&str| {
        let line = line.trim_matches([' ', '\t']);
        !line.is_empty() && !line.starts_with('#')
    };
    let lines: Vec<&str> = text.split('\n').filter(speaks).collect();
    assert_eq!(lines.len(), signers.signers().len(), "a signer a line");
    for (line, signer) in lines.iter().zip(signers.signers()) {
        let name = signer.principal().as_str();
        assert_eq!(line.split_ascii_whitespace().next(), Some(name), "the line's first word is its signer");
        assert!(!name.contains(['*', '?', '!', ',', '"', ' ']) && name.contains('@'), "{name} is no one person");
        assert!(line.to_ascii_lowercase().contains("namespaces=\""), "a key for everything");
        assert!(!signer.namespaces().is_empty(), "a key for nothing");
        assert_eq!(signers.by_key(signer.key()), Some(signer), "a key belongs to one signer");
        assert_eq!(visible(name), name, "a name that hides something");
        if let (Some(after), Some(before)) = (signer.valid_after(), signer.valid_before()) {
            assert!(after < before && signer.is_valid_at(after) && signer.is_valid_at(before));
        }
    }
    let reversed: Vec<&str> = lines.iter().rev().copied().collect();
    assert!(AllowedSigners::parse(reversed.join("\n").as_bytes()).is_ok(), "the order of lines decides");
    if let Some((last, rest)) = lines.split_last() {
        assert!(AllowedSigners::parse(rest.join("\n").as_bytes()).is_ok(), "a line is needed by another");
        assert!(AllowedSigners::parse(format!("{text}\n{last}").as_bytes()).is_err(), "a key is listed twice");
        let other = last.replacen(|c: char| c.is_ascii_alphanumeric(), "zz", 1);
        assert!(AllowedSigners::parse(format!("{text}\n{other}").as_bytes()).is_err(), "a key under two names");
    }
}

/// Every problem names its line and its place in it, and hides nothing.
fn refused(bytes: &[u8], error: &SignersError) {
    assert!(!error.problems.is_empty(), "refused without a word");
    for problem in &error.problems {
        let start = problem.span.start as usize;
        assert!(problem.span.range().end <= bytes.len(), "{problem:?} lies outside");
        let line = 1 + bytes.iter().take(start).filter(|byte| **byte == b'\n').count();
        assert_eq!(line, problem.line, "{problem:?} is on line {line}");
        hold::shows_all(&problem.kind.to_string(), "a problem of a trust file");
    }
    assert!(error.problems.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start), "in the file's order");
}
