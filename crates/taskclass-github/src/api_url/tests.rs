//! Which addresses are taken, and that nothing leads out of an origin.

use super::{ApiUrl, ApiUrlError};

#[test]
fn good_addresses() {
    for (text, shown) in [
        ("https://api.github.com", "https://api.github.com"),
        ("https://api.github.com/", "https://api.github.com"),
        ("https://api.octocorp.ghe.com", "https://api.octocorp.ghe.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://localhost:1", "http://localhost:1"),
    ] {
        assert_eq!(ApiUrl::parse(text).unwrap().to_string(), shown);
    }
}

#[test]
fn bad_addresses() {
    for (text, error) in [
        ("api.github.com", ApiUrlError::NotAUrl),
        ("", ApiUrlError::NotAUrl),
        ("http://api.github.com", ApiUrlError::NotHttps),
        ("http://10.0.0.1", ApiUrlError::NotHttps),
        ("http://localhost.evil.example", ApiUrlError::NotHttps),
        ("http://[::ffff:10.0.0.1]", ApiUrlError::NotHttps),
        ("ftp://127.0.0.1", ApiUrlError::NotHttps),
        ("https://user@api.github.com", ApiUrlError::Userinfo),
        ("https://:ghp_x@api.github.com", ApiUrlError::Userinfo),
        ("https://api.github.com/?a=b", ApiUrlError::NotAnOrigin),
        ("https://api.github.com/#x", ApiUrlError::NotAnOrigin),
        ("https://ghes.example/api/v3", ApiUrlError::NotAnOrigin),
        ("https://github.com", ApiUrlError::WebSite),
        ("https://octocorp.ghe.com", ApiUrlError::WebSite),
    ] {
        assert_eq!(ApiUrl::parse(text).unwrap_err(), error, "{text}");
    }
}

#[test]
fn errors_repeat_no_credential() {
    let error = ApiUrl::parse("https://me:ghp_secret@api.github.com").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"));
}

#[test]
fn a_request_path_must_be_sent_exactly_as_written() {
    let api = ApiUrl::parse("https://api.github.com").unwrap();
    assert!(api.url_of("/repos/o/r?a=b%20c").is_some());
    for bad in ["repos", "//evil.example/x", "/a/../b", "/a/%2e%2e/b", "/a#f", "/a b", "@evil.example/", "/\\evil"] {
        assert!(api.url_of(bad).is_none(), "{bad}");
    }
}

#[test]
fn links_stay_within_the_origin() {
    let api = ApiUrl::parse("https://api.github.com").unwrap();
    let within = |target: &str| api.path_within("/a/b", target);
    assert_eq!(within("https://api.github.com/x?page=2").as_deref(), Some("/x?page=2"));
    assert_eq!(within("https://api.github.com:443/x").as_deref(), Some("/x"));
    assert_eq!(within("/y").as_deref(), Some("/y"));
    assert_eq!(within("c").as_deref(), Some("/a/c"));
    for bad in [
        "http://api.github.com/x",
        "https://api.github.com:444/x",
        "https://evil.example/x",
        "//evil.example/x",
        "https://api.github.com@evil.example/",
        "https://u@api.github.com/x",
        "javascript:x",
    ] {
        assert_eq!(within(bad), None, "{bad}");
    }
}
