//! A class section by section, so that what is wrong in one section hides nothing that is wrong in another.
//!
//! Of a sound class the sections are those of the typed value. Of another each section is read by itself: one in which
//! nothing is wrong but fields that do not exist is there, without these; one with any other fault is not, and rules that
//! need it stay silent, for what they could say would follow from a fault that is reported already.

use std::collections::BTreeMap;

use taskclass_source::Path;
use taskclass_source::path::Segment;
use taskclass_source::yaml::{Entry, ProblemKind};
use taskclass_spec::shape::{ShapeError, ShapeErrorKind};
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
                Self { $($name: section(document, stringify!($name)),)+ }
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

fn section<T: serde::de::DeserializeOwned + WhenAbsent>(document: &Document<'_>, name: &str) -> Option<T> {
    let map = document.root?.as_map()?;
    let Some(entry) = map.entry(name) else {
        return if document.cut_short || document.misspells(&Path::root(), name) { None } else { T::when_absent() };
    };
    let is_last = map.iter().last().is_some_and(|last| last.key.span == entry.key.span);
    if (document.cut_short && is_last) || is_faulty(document, entry) {
        return None;
    }
    let mut json = entry.value.to_json();
    for error in document.shape() {
        if matches!(error.kind, ShapeErrorKind::UnknownField { .. }) && leads_into(&error.path, name) {
            remove(&mut json, &error.path.segments()[1..]);
        }
    }
    serde_json::from_value(json).ok()
}

/// Whether something is wrong in a section that keeps it from being read: anything but fields that do not exist, and keys
/// set twice, of which the first stays.
fn is_faulty(document: &Document<'_>, entry: &Entry) -> bool {
    let span = entry.key.span.to(entry.value.span);
    let text = document.problems.iter().any(|problem| {
        let harmless = matches!(
            problem.kind,
            ProblemKind::DuplicateKey { .. } | ProblemKind::Anchor { .. } | ProblemKind::LineEndings { .. }
        );
        span.contains(problem.span) && !harmless
    });
    let is_fault = |error: &ShapeError| {
        !matches!(error.kind, ShapeErrorKind::UnknownField { .. }) && leads_into(&error.path, &entry.key.text)
    };
    text || document.shape().any(is_fault)
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
