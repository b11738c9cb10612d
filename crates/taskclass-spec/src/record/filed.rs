//! Records as a registry holds them, read without looking at their signatures: enough to say what one is about, and what keeps
//! it from being read at all.

use std::{collections::BTreeMap, sync::Arc};

use taskclass_source::{
    Files, Node, Path, ReadError, RegistryPath, SourceFile, Span,
    text::{quoted, visible},
    yaml,
};

use super::{Record, RecordError, canonical, parse};
use crate::{Loaded, shape::ShapeErrorKind};

/// One record's place, and which of its two files are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The record's path, also where only its signature is there.
    pub path: RegistryPath,
    /// Whether the record is there.
    pub has_record: bool,
    /// Whether `<path>.sig` is there.
    pub has_signature: bool,
}

impl Listed {
    /// The signature's path.
    pub fn signature(&self) -> String {
        format!("{}.sig", self.path)
    }
}

/// The records below `folder`: pairs of `<path>.json` and `<path>.json.sig`, in an order that hangs on nothing.
///
/// # Errors
/// Where the folder cannot be listed.
pub fn listed(files: &dyn Files, folder: &RegistryPath) -> Result<Vec<Listed>, ReadError> {
    files.list(folder).map(|paths| pairs(&paths))
}

/// The same of paths at hand.
pub fn pairs<'a>(paths: impl IntoIterator<Item = &'a RegistryPath>) -> Vec<Listed> {
    let mut found: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    for path in paths {
        let (record, is_signature) = match path.as_str().strip_suffix(".sig") {
            Some(record) => (record, true),
            None => (path.as_str(), false),
        };
        if record.ends_with(".json") {
            let (has_record, has_signature) = found.entry(record.to_owned()).or_default();
            *has_record |= !is_signature;
            *has_signature |= is_signature;
        }
    }
    let place = |(path, (has_record, has_signature))| {
        RegistryPath::new(path).ok().map(|path| Listed { path, has_record, has_signature })
    };
    found.into_iter().filter_map(place).collect()
}

/// A record that was read.
#[derive(Debug, Clone)]
pub struct Filed<R> {
    /// Its place, and whether a signature lies beside it.
    pub listed: Listed,
    /// Its text.
    pub source: Arc<SourceFile>,
    /// What it says, or why it does not count.
    pub record: Result<R, RecordError>,
}

/// One thing that keeps a record from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Another place that it is about, and what is said there.
    pub related: Option<(Span, String)>,
    /// The word that was probably meant.
    pub suggestion: Option<String>,
}

/// The records of a folder.
#[derive(Debug, Clone)]
pub struct Found<R> {
    /// Those that are there, in order.
    pub filed: Vec<Filed<R>>,
    /// Signatures without their record.
    pub alone: Vec<Listed>,
    /// Records that are there and could not be read.
    pub unreadable: Vec<ReadError>,
}

/// Reads the records below `folder`.
///
/// # Errors
/// Where the folder cannot be listed.
pub fn below<R: Record>(files: &dyn Files, folder: &RegistryPath) -> Result<Found<R>, ReadError> {
    Ok(read(files, listed(files, folder)?))
}

/// The same of records whose places are known.
pub fn read<R: Record>(files: &dyn Files, records: Vec<Listed>) -> Found<R> {
    let mut found = Found { filed: Vec::new(), alone: Vec::new(), unreadable: Vec::new() };
    for listed in records {
        if !listed.has_record {
            found.alone.push(listed);
            continue;
        }
        match files.read(&listed.path) {
            Ok(Some(bytes)) => found.filed.push(Filed::of(listed, bytes)),
            // It was taken away since the folder was listed.
            Ok(None) => {}
            Err(error) => found.unreadable.push(error),
        }
    }
    found
}

impl<R: Record> Filed<R> {
    /// Of a record's bytes.
    pub fn of(listed: Listed, bytes: Vec<u8>) -> Self {
        let record = parse(&bytes);
        let text =
            String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Self { source: SourceFile::new(listed.path.as_str(), text), listed, record }
    }

    /// The place of a field's value; the whole text where there is none.
    pub fn place(&self, field: &str) -> Span {
        let root = yaml::parse(&self.source).root;
        root.as_ref().map_or(self.source.whole(), |root| root.locate(&Path::root().key(field)).value_span)
    }

    /// What keeps it from being read, each with its place; nothing if it could be.
    pub fn faults(&self) -> Vec<Fault> {
        let Err(error) = &self.record else { return Vec::new() };
        let at = |span: Span| vec![Fault { message: error.to_string(), span, related: None, suggestion: None }];
        let text = self.source.text();
        match error {
            RecordError::TooLarge => at(Span::at(0)),
            RecordError::NotUtf8 => {
                let start = text.find(char::REPLACEMENT_CHARACTER).unwrap_or(0);
                at(Span::new(start, start + char::REPLACEMENT_CHARACTER.len_utf8()))
            }
            RecordError::NotJson(_) => at(syntax(text)),
            RecordError::Trailing { at: start } => at(Span::new(*start, text.len())),
            RecordError::DuplicateKey(_) => self.duplicates().unwrap_or_else(|| at(self.source.whole())),
            RecordError::NotCanonical => at(self.first_difference(text)),
            RecordError::Invalid(_) => {
                let departures = self.departures();
                if departures.is_empty() { at(self.invalid_place()) } else { departures }
            }
        }
    }

    /// Keys set twice, as the reader of YAML finds them: JSON is YAML, and it knows where they stand.
    fn duplicates(&self) -> Option<Vec<Fault>> {
        let problems = yaml::parse(&self.source).problems;
        let faults: Vec<Fault> = problems
            .into_iter()
            .filter_map(|problem| match problem.kind {
                yaml::ProblemKind::DuplicateKey { key, first, .. } => Some(Fault {
                    message: format!("the record sets {} twice", quoted(&key)),
                    span: problem.span,
                    related: Some((first, "first set here".to_owned())),
                    suggestion: None,
                }),
                _ => None,
            })
            .collect();
        (!faults.is_empty()).then_some(faults)
    }

    /// Every departure from the schema.
    fn departures(&self) -> Vec<Fault> {
        let loaded = Loaded::<R>::parse(R::SCHEMA, &self.listed.path, self.source.text().as_bytes().to_vec());
        let fault = |error: crate::shape::ShapeError| Fault {
            message: format!("the record is not valid: {}", visible(&error.to_string())),
            span: error.span,
            related: None,
            suggestion: match error.kind {
                ShapeErrorKind::UnknownField { suggestion, .. } | ShapeErrorKind::InvalidValue { suggestion, .. } => {
                    suggestion
                }
                _ => None,
            },
        };
        loaded.shape.into_iter().map(fault).collect()
    }

    /// Where a field stands that is well formed and yet not accepted: the one that the error's words begin with.
    fn invalid_place(&self) -> Span {
        let RecordError::Invalid(reason) = self.record.as_ref().err().unwrap_or(&RecordError::NotCanonical) else {
            return self.source.whole();
        };
        let root = yaml::parse(&self.source).root;
        let fields = root.as_ref().and_then(Node::as_map).into_iter().flatten();
        let mut named = fields.filter(|entry| reason.contains(&*entry.key.text));
        named.next().map_or(self.source.whole(), |entry| entry.value.span)
    }

    /// The first place at which the text is not as a record is written.
    fn first_difference(&self, text: &str) -> Span {
        let written: Option<Vec<u8>> = serde_json::from_str::<R>(text).ok().and_then(|record| canonical(&record).ok());
        let same = |written: Vec<u8>| text.bytes().zip(written).take_while(|(a, b)| a == b).count();
        let mut start = written.map_or(0, same).min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let end = text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
        Span::new(start, end)
    }
}

/// Where the reader of JSON stopped.
fn syntax(text: &str) -> Span {
    let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) else { return Span::new(0, text.len()) };
    let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut at = (line_start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    Span::new(at, end)
}
