//! Kinds by prefix, refusals, and that nothing prints the secret.

use super::{Token, TokenError, TokenKind};

#[test]
fn kinds_are_told_by_prefix() {
    let kind = |text: &str| Token::new(text).unwrap().kind();
    assert_eq!(kind("github_pat_11AAA_x"), TokenKind::FineGrainedPat);
    assert_eq!(kind("ghp_abc"), TokenKind::ClassicPat);
    assert_eq!(kind("gho_abc"), TokenKind::OAuth);
    assert_eq!(kind("ghu_abc"), TokenKind::AppUser);
    assert_eq!(kind(&"0a".repeat(20)), TokenKind::ClassicPat);
    assert_eq!(kind("sim-token"), TokenKind::Unrecognised);
    assert_eq!(kind(" ghp_abc\n"), TokenKind::ClassicPat);
}

#[test]
fn unusable_tokens_are_refused_with_what_to_use() {
    assert_eq!(Token::new("ghs_abc").unwrap_err(), TokenError::Installation);
    assert!(TokenError::Installation.to_string().contains("Agent tasks"));
    assert_eq!(Token::new(&format!("v1.{}", "0a".repeat(20))).unwrap_err(), TokenError::Installation);
    assert_eq!(Token::new("eyJhbGciOiJSUzI1NiJ9.e30.x").unwrap_err(), TokenError::AppJwt);
    assert_eq!(Token::new("ghr_abc").unwrap_err(), TokenError::Refresh);
    assert_eq!(Token::new(" \n").unwrap_err(), TokenError::Empty);
    for bad in ["ghp_a b", "ghp_a\nX-Evil: 1", "ghp_é", "ghp_\u{7f}"] {
        assert_eq!(Token::new(bad).unwrap_err(), TokenError::Malformed);
    }
}

#[test]
fn nothing_prints_the_secret() {
    let token = Token::new("ghp_verysecret").unwrap();
    assert!(!format!("{token:?} {token:#?} {token}").contains("verysecret"));
}

#[test]
fn an_echo_is_overwritten_wherever_it_stands() {
    let token = Token::new("ghp_x1").unwrap();
    let mut bytes = b"ghp_x1ghp_x1 a ghp_x ghp_x1".to_vec();
    token.scrub(&mut bytes);
    assert_eq!(bytes, b"************ a ghp_x ******");
    let mut short = b"gh".to_vec();
    token.scrub(&mut short);
    assert_eq!(short, b"gh");
}

#[test]
fn every_kind_that_works_says_how_it_is_got() {
    for kind in [TokenKind::FineGrainedPat, TokenKind::ClassicPat, TokenKind::OAuth, TokenKind::AppUser] {
        assert!(!kind.how_to_get().is_empty() && !kind.words().is_empty(), "{kind}");
    }
}
