//! One line of a trust file: name, options, key.

use std::ops::Range;

use ssh_key::PublicKey;
use taskclass_source::Span;

use super::{MAX_BYTES, Places, Signer, SignersProblem, SignersProblemKind as Kind, key, time};
use super::{key::KeyFingerprint, namespace::Namespace};
use crate::Principal;

/// The most problems of one line that are told.
const MAX_IN_LINE: usize = 20;

/// A line with its place in the file.
pub(super) struct RawLine<'a> {
    number: usize,
    start: usize,
    text: &'a str,
}

/// The file as text.
pub(super) fn text(bytes: &[u8]) -> Result<&str, SignersProblem> {
    let at = |offset: usize, length: usize, kind| SignersProblem {
        line: 1 + bytes[..offset].iter().filter(|byte| **byte == b'\n').count(),
        span: Span::new(offset, offset + length),
        first: None,
        kind,
    };
    if bytes.len() > MAX_BYTES {
        return Err(at(0, 0, Kind::TooLarge));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| at(error.valid_up_to(), 1, Kind::NotUtf8))?;
    if text.starts_with('\u{feff}') {
        return Err(at(0, 3, Kind::ByteOrderMark));
    }
    match text.char_indices().find(|(_, c)| c.is_control() && !matches!(c, '\n' | '\t')) {
        Some((offset, c)) => Err(at(offset, c.len_utf8(), Kind::ControlCharacter(c))),
        None => Ok(text),
    }
}

/// The lines that say something: neither blank nor a comment.
pub(super) fn lines(text: &str) -> impl Iterator<Item = RawLine<'_>> {
    let mut start = 0;
    text.split('\n').enumerate().filter_map(move |(index, text)| {
        let line = RawLine { number: index + 1, start, text };
        start += text.len() + 1;
        let body = text.trim_start_matches(is_space);
        (!body.is_empty() && !body.starts_with('#')).then_some(line)
    })
}

/// Reads one line. Every problem of it goes into `problems`; a signer comes out only if there was none.
pub(super) fn parse(line: &RawLine<'_>, problems: &mut Vec<SignersProblem>) -> Option<Signer> {
    let before = problems.len();
    let mut report = |span: Range<usize>, kind: Kind| {
        // One line can have as many faults as it has commas.
        if problems.len() < before + MAX_IN_LINE {
            problems.push(SignersProblem {
                line: line.number,
                span: Span::new(line.start + span.start, line.start + span.end),
                first: None,
                kind,
            });
        }
    };
    let text = line.text;
    let name = word(text, 0);
    let principal = principal(&text[name.clone()]).map_err(|kind| report(name.clone(), kind)).ok();

    let mut options = Options::default();
    let mut kind = word(text, name.end);
    if !is_key_type(&text[kind.clone()]) && !kind.is_empty() {
        match option_field(text, kind.start) {
            Ok(field) => {
                options.read(text, field.clone(), &mut report);
                kind = word(text, field.end);
            }
            Err(span) => {
                report(span, Kind::OpenQuote);
                return None;
            }
        }
    }
    if options.namespaces.is_none() && !options.namespaces_unreadable {
        report(name.clone(), Kind::NoNamespaces);
    }
    if let (Some(after), Some(before)) = (options.valid_after, options.valid_before)
        && before <= after
    {
        report(name.end..kind.start, Kind::NeverValid);
    }

    let blob = word(text, kind.end);
    let key_span = kind.start..blob.end;
    if kind.is_empty() {
        report(0..text.len(), Kind::NoKey);
        return None;
    }
    let key = match public_key(&text[kind.clone()], &text[blob.clone()]) {
        Ok(key) => key,
        Err(problem) => {
            report(key_span, problem);
            return None;
        }
    };
    if problems.len() > before {
        return None;
    }
    let absolute = |span: Range<usize>| Span::new(line.start + span.start, line.start + span.end);
    Some(Signer {
        principal: principal?,
        fingerprint: KeyFingerprint::of(key.key_data()),
        key: key.key_data().clone(),
        namespaces: options.namespaces?,
        valid_after: options.valid_after,
        valid_before: options.valid_before,
        line: line.number,
        places: Places {
            principal: absolute(name),
            key: absolute(key_span),
            valid_before: options.valid_before_at.map(absolute),
        },
    })
}

fn is_space(c: char) -> bool {
    c == ' ' || c == '\t'
}

/// The next word at or after `from`; empty at the line's end.
fn word(text: &str, from: usize) -> Range<usize> {
    let start = text[from..].find(|c| !is_space(c)).map_or(text.len(), |skip| from + skip);
    let end = text[start..].find(is_space).map_or(text.len(), |length| start + length);
    start..end
}

/// The options: up to a blank outside quotes. An unclosed quote gives its place.
fn option_field(text: &str, start: usize) -> Result<Range<usize>, Range<usize>> {
    let mut quote = None;
    for (offset, c) in text[start..].char_indices() {
        match c {
            '"' => quote = if quote.is_some() { None } else { Some(start + offset) },
            c if is_space(c) && quote.is_none() => return Ok(start..start + offset),
            _ => {}
        }
    }
    match quote {
        Some(open) => Err(open..text.len()),
        None => Ok(start..text.len()),
    }
}

fn is_key_type(text: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-", "rsa-"].iter().any(|prefix| text.starts_with(prefix))
}

fn principal(text: &str) -> Result<Principal, Kind> {
    if text.contains(',') {
        return Err(Kind::SeveralNames(text.to_owned()));
    }
    if text.contains(['*', '?', '!']) {
        return Err(Kind::Pattern(text.to_owned()));
    }
    let is_address = text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric()) && !host.contains('@')
    });
    match text.parse::<Principal>() {
        Ok(principal) if is_address => Ok(principal),
        _ => Err(Kind::Name(text.to_owned())),
    }
}

fn public_key(kind: &str, blob: &str) -> Result<PublicKey, Kind> {
    key::check_kind(kind)?;
    if blob.is_empty() {
        return Err(Kind::NoKey);
    }
    let unreadable = |why: String| Kind::KeyUnreadable(kind.to_owned(), why);
    let key = PublicKey::from_openssh(&format!("{kind} {blob}")).map_err(|error| unreadable(error.to_string()))?;
    if key.algorithm().as_str() != kind {
        return Err(unreadable(format!("it is a key of type {}", key.algorithm())));
    }
    key::check_key(key.key_data())?;
    // One key has one text: the reader takes some lengths in it on trust.
    let canonical = PublicKey::from(key.key_data().clone()).to_openssh().unwrap_or_default();
    if canonical.trim_end() != format!("{kind} {blob}") {
        return Err(unreadable("it is not as OpenSSH writes it".to_owned()));
    }
    Ok(key)
}

#[derive(Default)]
struct Options {
    namespaces: Option<Vec<Namespace>>,
    /// It is there, and has been reported already.
    namespaces_unreadable: bool,
    valid_after: Option<jiff::Timestamp>,
    valid_before: Option<jiff::Timestamp>,
    valid_before_at: Option<Range<usize>>,
}

impl Options {
    fn read(&mut self, text: &str, field: Range<usize>, report: &mut impl FnMut(Range<usize>, Kind)) {
        let mut seen: Vec<&'static str> = Vec::new();
        for span in split_options(text, field) {
            let option = &text[span.clone()];
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (option, None),
            };
            // OpenSSH compares option names without regard to case.
            let name = match name.to_ascii_lowercase().as_str() {
                "namespaces" => "namespaces",
                "valid-after" => "valid-after",
                "valid-before" => "valid-before",
                "cert-authority" => {
                    report(span, Kind::CertAuthority);
                    continue;
                }
                _ => {
                    report(span, Kind::UnknownOption(option.to_owned()));
                    continue;
                }
            };
            if seen.contains(&name) {
                report(span, Kind::OptionTwice(name));
                continue;
            }
            seen.push(name);
            let value = value.and_then(|value| value.strip_prefix('"')).and_then(|value| value.strip_suffix('"'));
            let Some(value) = value.filter(|value| !value.is_empty() && !value.contains(['"', '\\'])) else {
                self.namespaces_unreadable |= name == "namespaces";
                report(span, Kind::OptionValue(name));
                continue;
            };
            let outcome = match name {
                "namespaces" => self.read_namespaces(value),
                "valid-after" => time::parse(value).map(|time| self.valid_after = Some(time)),
                _ => {
                    self.valid_before_at = Some(span.clone());
                    time::parse(value).map(|time| self.valid_before = Some(time))
                }
            };
            if let Err(kind) = outcome {
                report(span, kind);
            }
        }
    }

    fn read_namespaces(&mut self, value: &str) -> Result<(), Kind> {
        let mut namespaces = Vec::new();
        for text in value.split(',') {
            match Namespace::of(text) {
                Some(namespace) if !namespaces.contains(&namespace) => namespaces.push(namespace),
                Some(_) => {}
                None => {
                    self.namespaces_unreadable = true;
                    return Err(Kind::Namespace(text.to_owned()));
                }
            }
        }
        self.namespaces = Some(namespaces);
        Ok(())
    }
}

/// The options of a field, at commas outside quotes.
fn split_options(text: &str, field: Range<usize>) -> Vec<Range<usize>> {
    let mut options = Vec::new();
    let (mut start, mut quoted) = (field.start, false);
    for (offset, byte) in text.as_bytes()[field.clone()].iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                options.push(start..field.start + offset);
                start = field.start + offset + 1;
            }
            _ => {}
        }
    }
    options.push(start..field.end);
    options
}
