//! A class section by section, so that what is wrong in one section hides nothing that is wrong in another.
//!
//! Of a sound class the sections are those of the typed value. Of another each section is read by itself, without the fields
//! that do not exist, and with something that fits in the place of each value that does not: what rules then say of these
//! places is not passed on, for it would follow from a fault that is reported already. A section that lacks something, or is
//! no YAML, is not there.

use std::collections::BTreeMap;

use taskclass_source::path::Segment;
use taskclass_source::yaml::{Entry, ProblemKind};
use taskclass_source::{Finding, Label, Path, Span};
use taskclass_spec::shape::{self, ShapeErrorKind};
use taskclass_spec::written::{self, TaskClass};
use taskclass_spec::{ClassName, InputName, Owner};

use super::document::Document;

/// What a section that is not written amounts to.
trait WhenAbsent: Sized {
    fn when_absent() -> Option<Self>;
}

macro_rules! sections {
    ($($name:ident: $type:ty,)+) => {
        /// The sections of a class, each if it could be read. Of an optional one `Some(None)` says that it is not written.
        #[derive(Clone, Copy)]
        pub(crate) struct Sections<'a> {
            $(pub(crate) $name: Option<&'a $type>,)+
        }

        /// The same with the values in it.
        pub(crate) struct Partial {
            $($name: Option<$type>,)+
            /// Where something else was read than what is written: nothing that concerns these places is to be said.
            pub(crate) doubtful: Vec<Span>,
        }

        impl<'a> Sections<'a> {
            /// Of a sound class.
            pub(crate) fn of(class: &'a TaskClass) -> Self {
                Self { $($name: Some(&class.$name),)+ }
            }

            /// Of another.
            pub(crate) fn of_partial(partial: &'a Partial) -> Self {
                Self { $($name: partial.$name.as_ref(),)+ }
            }
        }

        impl Partial {
            /// Reads what can be read.
            pub(crate) fn read(document: &Document<'_>) -> Self {
                let mut doubtful = Vec::new();
                Self { $($name: section(document, stringify!($name), &mut doubtful),)+ doubtful }
            }
        }
    };
}

sections! {
    name: ClassName,
    version: u32,
    title: String,
    description: String,
    owners: Vec<Owner>,
    risk: written::Risk,
    intent: written::Intent,
    model: written::Model,
    repositories: written::Repositories,
    base_ref: written::BaseRef,
    inputs: BTreeMap<InputName, written::Input>,
    prompt: written::Prompt,
    examples: Vec<written::Example>,
    pull_request: written::PullRequest,
    validation: written::Validation,
    limits: written::Limits,
    budget: written::Budget,
    escalation: written::Escalation,
    rollout: Option<written::Rollout>,
    callers: Option<written::Callers>,
}

/// Sections that must be written: their absence is a finding of its own.
macro_rules! required {
    ($($type:ty),+) => { $(impl WhenAbsent for $type {
        fn when_absent() -> Option<Self> {
            None
        }
    })+ };
}
required!(
    ClassName,
    u32,
    String,
    Vec<Owner>,
    written::Risk,
    written::Intent,
    written::Model,
    written::Repositories,
    written::BaseRef,
    written::Prompt,
    Vec<written::Example>,
    written::PullRequest,
    written::Validation,
    written::Limits,
    written::Budget,
    written::Escalation
);

impl<T> WhenAbsent for Option<T> {
    fn when_absent() -> Option<Self> {
        Some(None)
    }
}

impl<K, V> WhenAbsent for BTreeMap<K, V> {
    fn when_absent() -> Option<Self> {
        Some(Self::new())
    }
}

fn section<T>(document: &Document<'_>, name: &str, doubtful: &mut Vec<Span>) -> Option<T>
where
    T: serde::de::DeserializeOwned + WhenAbsent,
{
    let map = document.root?.as_map()?;
    let Some(entry) = map.entry(name) else {
        return if document.cut_short || document.misspells(&Path::root(), name) { None } else { T::when_absent() };
    };
    let is_last = map.iter().last().is_some_and(|last| last.key.span == entry.key.span);
    if document.cut_short && is_last {
        return None;
    }
    let mut json = entry.value.to_json();
    let instead = stand_ins(document, entry, &mut json)?;
    for error in document.shape() {
        if matches!(error.kind, ShapeErrorKind::UnknownField { .. }) && leads_into(&error.path, name) {
            remove(&mut json, &error.path.segments()[1..]);
        }
    }
    let read = serde_json::from_value(json).ok()?;
    doubtful.extend(instead);
    Some(read)
}

/// The most places of a section that something else is read for: one in which more is wrong is not read at all.
const MAX_STAND_INS: usize = 12;

/// Puts values that fit in the place of those that do not, and gives the places; `None` if the section cannot be read so.
fn stand_ins(document: &Document<'_>, entry: &Entry, json: &mut serde_json::Value) -> Option<Vec<Span>> {
    let root = document.root?;
    let section = entry.key.span.to(entry.value.span);
    let mut faulty: Vec<Path> = Vec::new();
    for problem in document.problems.iter().filter(|problem| section.contains(problem.span)) {
        match problem.kind {
            ProblemKind::DuplicateKey { .. } | ProblemKind::Anchor { .. } | ProblemKind::LineEndings { .. } => {}
            ProblemKind::AmbiguousScalar | ProblemKind::FloatValue | ProblemKind::IntegerTooLarge => {
                faulty.push(shape::place_of(root, problem.span, Path::root())?);
            }
            _ => return None,
        }
    }
    for error in document.shape().filter(|error| leads_into(&error.path, &entry.key.text)) {
        match error.kind {
            ShapeErrorKind::UnknownField { .. } => {}
            ShapeErrorKind::MissingField { .. } | ShapeErrorKind::UnsupportedSchema { .. } => return None,
            _ => faulty.push(error.path.clone()),
        }
    }
    faulty.dedup();
    if faulty.is_empty() {
        return Some(Vec::new());
    }
    // What a prompt says cannot be guessed.
    if faulty.len() > MAX_STAND_INS || &*entry.key.text == "prompt" {
        return None;
    }
    let whole = root.to_json();
    let mut places = Vec::new();
    for path in faulty {
        let place = root.at(&path)?;
        let below = path.segments().get(1..).filter(|below| !below.is_empty())?;
        let below: Path = below.iter().cloned().collect();
        *json.pointer_mut(&below.to_json_pointer())? = shape::stand_in(document.kind, &whole, &path)?;
        places.push(place.value.span);
        // Of a list of which one item is another, nothing is known as a whole.
        let list = path.parent().filter(|_| matches!(path.segments().last(), Some(Segment::Index(_))));
        places.extend(list.and_then(|list| root.locate(&list).key_span));
    }
    Some(places)
}

impl Partial {
    /// Whether a finding rests on what is written: nothing that it points at was read otherwise.
    pub(crate) fn vouches_for(&self, finding: &Finding) -> bool {
        let rendered = matches!(&*finding.rule, "render-failed" | "expectation-failed");
        let doubted =
            |label: &Label| self.doubtful.iter().any(|place| place.contains(label.span) || label.span.contains(*place));
        let file = finding.primary.source.path();
        let own = |label: &&Label| label.source.path() == file;
        let mut labels = std::iter::once(&finding.primary).chain(finding.secondary.iter().filter(own));
        self.doubtful.is_empty() || (!rendered && !labels.any(doubted))
    }
}

fn leads_into(path: &Path, section: &str) -> bool {
    matches!(path.segments().first(), Some(Segment::Key(key)) if **key == *section)
}

fn remove(json: &mut serde_json::Value, path: &[Segment]) {
    match path {
        [] => {}
        [Segment::Key(key)] => {
            if let Some(map) = json.as_object_mut() {
                map.remove(&**key);
            }
        }
        [first, rest @ ..] => {
            let next = match first {
                Segment::Key(key) => json.get_mut(&**key),
                Segment::Index(index) => json.get_mut(index),
            };
            if let Some(next) = next {
                remove(next, rest);
            }
        }
    }
}
