//! `example-input-invalid`: an example whose inputs do not fit.

use std::collections::BTreeMap;

use taskclass_source::{Edit, Fix};
use taskclass_spec::InputName;
use taskclass_spec::inputs::{InputError, InputFault, Inputs, check_declarations};
use taskclass_spec::suggest::closest;
use taskclass_spec::written::{Input, InputValue};

use crate::bounds::deciding;
use crate::common::{listed, replace_scalar, with_fix};
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};
use crate::spelling::{correction, did_you_mean};

declare_rule! {
    /// An example whose inputs do not fit.
    ///
    /// ## What it does
    /// Checks each example's inputs as a run's: unknown names, missing values, types, bounds, patterns.
    ///
    /// ## Why it matters
    /// The example shows nothing, or the declaration forbids what it was written for.
    ///
    /// ## Bad
    /// ```yaml
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: "Time out"}, expect: {contains: [Change]}}
    ///                                                              ^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: timeout}, expect: {contains: [Change]}}
    /// ```
    name: "example-input-invalid", family: Examples, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(declared), Some(examples)) = (cx.class.inputs, cx.class.examples) else { return };
    let unsound = check_declarations(declared);
    for (index, example) in examples.iter().enumerate() {
        let errors = Inputs::check(declared, &example.inputs).err().unwrap_or_default();
        let example =
            Given { cx, declared, given: &example.inputs, path: format!("examples[{index}]"), errors: &errors };
        example.missing(sink);
        for error in &errors {
            // A default that does not fit, or bounds that nothing fits, are the declaration's fault.
            let about_bounds = !matches!(error.fault, InputFault::Unknown { .. } | InputFault::WrongType { .. });
            let unsound = about_bounds && unsound.iter().any(|problem| problem.input == error.input);
            match &error.fault {
                InputFault::Missing | InputFault::UnusablePattern { .. } => {}
                InputFault::Unknown { suggestion } => example.unknown(&error.input, suggestion.as_ref(), sink),
                _ if error.from_default || unsound => {}
                _ => example.unfit(error, sink),
            }
        }
    }
}

/// What one example gives, and what is wrong with it.
struct Given<'a, 'c> {
    cx: &'a ClassContext<'c>,
    declared: &'a BTreeMap<InputName, Input>,
    given: &'a BTreeMap<InputName, InputValue>,
    path: String,
    errors: &'a [InputError],
}

impl Given<'_, '_> {
    /// The inputs that it must give and does not; a misspelled name of the same example is the cause, and is reported.
    fn missing(&self, sink: &mut Sink<'_>) {
        let unknown = || self.given.keys().filter(|name| !self.declared.contains_key(*name));
        let misspelled = |name: &InputName| unknown().any(|given| closest(given.as_str(), [name.as_str()]).is_some());
        let renamed = self.renamed().map(|(_, meant)| meant);
        let names: Vec<&InputName> = self
            .errors
            .iter()
            .filter(|error| matches!(error.fault, InputFault::Missing))
            .map(|error| &error.input)
            .filter(|name| !misspelled(name) && renamed != Some(*name))
            .collect();
        if names.is_empty() {
            return;
        }
        let has = if names.len() == 1 { "it has no default" } else { "they have no defaults" };
        let at = self.cx.at(&format!("{}.inputs", self.path)).key("");
        sink.report(at, format!("{} must be given: {has}", listed(&names)), |finding| {
            names.iter().fold(finding, |finding, name| {
                finding.with_label(self.cx.at(&format!("inputs.{name}")).key("declared here"))
            })
        });
    }

    /// Where one name is given that is not declared, and one input is not given, the one was probably renamed to the other.
    fn renamed(&self) -> Option<(&InputName, &InputName)> {
        let of = |which: fn(&InputFault) -> bool| {
            self.errors.iter().filter(move |error| which(&error.fault)).map(|error| &error.input)
        };
        let mut unknown = of(|fault| matches!(fault, InputFault::Unknown { suggestion: None }));
        let mut missing = of(|fault| matches!(fault, InputFault::Missing));
        match (unknown.next(), unknown.next(), missing.next(), missing.next()) {
            (Some(old), None, Some(new), None) => Some((old, new)),
            _ => None,
        }
    }

    fn unknown(&self, name: &InputName, suggestion: Option<&InputName>, sink: &mut Sink<'_>) {
        let cx = self.cx;
        let renamed = self.renamed().filter(|(old, _)| *old == name).map(|(_, new)| new);
        let key = cx.at(&format!("{}.inputs.{name}", self.path)).key(did_you_mean(suggestion.map(InputName::as_str)));
        let free = suggestion.filter(|meant| !self.given.contains_key(*meant));
        let edit = |meant: &InputName| Edit::new(&key.source, key.span, meant.as_str());
        let fix = free.map(|meant| correction(name.as_str(), meant.as_str(), edit(meant)));
        let declared = |name: &InputName, text: &str| cx.at(&format!("inputs.{name}")).key(text);
        let message = format!("`{name}` is not an input of this class");
        sink.report(key, message, |finding| match (suggestion, renamed) {
            (Some(meant), _) => with_fix(finding.with_label(declared(meant, "declared here")), fix),
            (None, Some(new)) => finding
                .with_label(declared(new, "must be given, and is not"))
                .with_help(format!("if it was renamed, write `{new}`")),
            (None, None) => {
                let names: Vec<_> = self.declared.keys().collect();
                finding.with_help(format!("take it out; the inputs are {}", listed(&names)))
            }
        });
    }

    fn unfit(&self, error: &InputError, sink: &mut Sink<'_>) {
        let value = match error.item {
            Some(item) => format!("{}.inputs.{}[{item}]", self.path, error.input),
            None => format!("{}.inputs.{}", self.path, error.input),
        };
        let at = self.cx.at(&value);
        let written = at.source.slice(at.span());
        let bare = written.trim_matches(['"', '\'']);
        let instead =
            |text: String| Some(Fix::safe(format!("write `{text}`"), vec![Edit::new(at.source, at.span(), text)]));
        let fix = match &error.fault {
            InputFault::WrongType { expected: "text", found } if !found.starts_with("a list") => {
                instead(format!("\"{written}\""))
            }
            InputFault::WrongType { expected: "a whole number", .. } if bare.parse::<i64>().is_ok() => {
                instead(bare.to_owned())
            }
            InputFault::WrongType { expected: "true or false", .. } if matches!(bare, "true" | "false") => {
                instead(bare.to_owned())
            }
            InputFault::WrongType { expected: "a list", .. } if !written.contains('\n') => {
                instead(format!("[{written}]"))
            }
            InputFault::NotAChoice { found, suggestion: Some(meant), .. } => {
                replace_scalar(&at, meant).map(|edit| correction(found, meant, edit))
            }
            _ => None,
        };
        let message = error.to_string();
        // Quotes are what the fix is about, and the suggestion what the label says.
        let message = message.split_once("; ").map_or(message.as_str(), |(first, _)| first).to_owned();
        let meant = match &error.fault {
            InputFault::NotAChoice { suggestion, .. } => did_you_mean(suggestion.as_deref()),
            _ => String::new(),
        };
        sink.report(at.value(meant), message, |finding| {
            with_fix(finding.with_label(deciding(self.cx, &error.input, error.item.is_some(), &error.fault)), fix)
        });
    }
}
