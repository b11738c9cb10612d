//! What stays the same about a finding while the file around it is edited.
//!
//! SARIF, JSON and the baseline know a finding again by its fingerprint. It is made from the rule, the file, the lines that
//! the finding stands on without their indentation, what is marked in them, the names that the message quotes, and which of
//! several alike it is. It is not made from line numbers, from the message's wording or from anything else in the file: lines
//! may be put in above, and the linter may learn to speak better. Whoever edits the line itself makes another finding of it.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::str::FromStr;

use sha2::{Digest as _, Sha256};
use taskclass_source::{Finding, Label};

/// How many bytes of the hash are kept.
const BYTES: usize = 16;
/// The form of what is hashed; another form is another kind of fingerprint.
const DOMAIN: &str = "taskclass-finding/v1";

/// A finding's fingerprint: 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; BYTES]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A text is no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has 32 lower-case hexadecimal digits")]
pub struct NotAFingerprint;

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let mut bytes = [0; BYTES];
        let mut pairs = text.as_bytes().chunks_exact(2);
        if text.len() != 2 * BYTES {
            return Err(NotAFingerprint);
        }
        for byte in &mut bytes {
            *byte = match pairs.next() {
                Some([high, low]) => digit(*high).ok_or(NotAFingerprint)? << 4 | digit(*low).ok_or(NotAFingerprint)?,
                _ => return Err(NotAFingerprint),
            };
        }
        Ok(Self(bytes))
    }
}

impl serde::Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The fingerprints of a report's findings, in their order. They are all different: of several alike each has its number in
/// the report's order, so the report must be whole in every file that it tells of.
pub fn fingerprints(findings: &[Finding]) -> Vec<Fingerprint> {
    let mut seen: HashMap<Vec<u8>, u32> = HashMap::new();
    let number = |finding: &Finding| {
        let alike = hash(&parts(finding).iter().map(String::as_bytes).collect::<Vec<_>>());
        let number = seen.entry(alike.clone()).or_default();
        *number += 1;
        let mut bytes = [0; BYTES];
        bytes.iter_mut().zip(hash(&[&alike, &number.to_be_bytes()])).for_each(|(to, from)| *to = from);
        Fingerprint(bytes)
    };
    findings.iter().map(number).collect()
}

/// Each part behind its length, so that no two lists of parts are hashed alike.
fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

/// What makes a finding this one.
fn parts(finding: &Finding) -> [String; 6] {
    let mut quoted = String::new();
    for name in finding.message.split('`').skip(1).step_by(2) {
        // Writing to a String cannot fail.
        let _ = writeln!(quoted, "{name}");
    }
    [
        DOMAIN.to_owned(),
        finding.rule.to_string(),
        finding.primary.source.path().to_owned(),
        lines(&finding.primary),
        finding.primary.source.slice(finding.primary.span).trim().to_owned(),
        quoted,
    ]
}

/// The lines that a place touches, each without the blanks around it.
fn lines(place: &Label) -> String {
    let source = &place.source;
    let line = |offset| source.position(offset).line;
    let first = source.line_span(line(place.span.start)).map_or(place.span.start, |span| span.start);
    let last = source.line_span(line(place.span.end)).map_or(place.span.end, |span| span.end);
    let text = source.slice(taskclass_source::Span { start: first, end: last.max(place.span.end) });
    text.lines().map(str::trim).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use taskclass_source::{SourceFile, Span};

    use super::*;

    fn at(text: &str, marked: &str) -> Vec<Finding> {
        let file = SourceFile::new("task-classes/a.yaml", text);
        let found = text.match_indices(marked);
        found
            .map(|(start, _)| {
                let place = Label::mark(&file, Span::new(start, start + marked.len()));
                Finding::error("unknown-field", format!("`{marked}` is not a field"), place)
            })
            .collect()
    }

    #[test]
    fn edits_elsewhere_keep_it_and_an_edit_of_the_line_does_not() {
        let before = fingerprints(&at("a: 1\n  owner: x\n", "owner"));
        assert_eq!(fingerprints(&at("# more\n\na: 2\nb: 3\n    owner: x\nc: 1\n", "owner")), before);
        assert_eq!(fingerprints(&at("\u{feff}a: 1\r\n  owner: x\r\n", "owner")), before);
        assert_ne!(fingerprints(&at("a: 1\n  owner: y\n", "owner")), before);
        assert_ne!(fingerprints(&at("a: 1\n  ownr: x\n", "ownr")), before);
    }

    #[test]
    fn two_alike_are_two() {
        let two = fingerprints(&at("- owner: x\n- owner: x\n- {owner: 1, b: 2, owner: 3}\n", "owner"));
        let unique: std::collections::BTreeSet<_> = two.iter().collect();
        assert_eq!((two.len(), unique.len()), (4, 4));
    }

    #[test]
    fn rule_file_and_quoted_names_belong_to_it_and_the_wording_does_not() {
        let base = at("owner: x\n", "owner");
        let one = fingerprints(&base);
        let with = |change: fn(&mut Finding)| {
            let mut other = base.clone();
            change(&mut other[0]);
            fingerprints(&other)
        };
        assert_ne!(with(|finding| finding.rule = "missing-field".into()), one);
        assert_ne!(with(|finding| finding.primary.source = SourceFile::new("b.yaml", "owner: x\n")), one);
        assert_ne!(with(|finding| finding.message = "`owner` is not a field of `budget`".to_owned()), one);
        assert_eq!(with(|finding| finding.message = "there is no field `owner`, 12 days on".to_owned()), one);
        assert_eq!(with(|finding| finding.level = taskclass_source::Level::Note), one);
    }

    #[test]
    fn text_and_fingerprint_are_the_same() {
        let one = fingerprints(&at("owner: x\n", "owner"))[0];
        assert_eq!(one.to_string().parse(), Ok(one));
        assert_eq!(one.to_string().len(), 32);
        for bad in ["", "0", &"0".repeat(31), &"0".repeat(33), &"G".repeat(32), &"A".repeat(32), &"é".repeat(16)] {
            assert_eq!(bad.parse::<Fingerprint>(), Err(NotAFingerprint), "{bad}");
        }
    }
}
