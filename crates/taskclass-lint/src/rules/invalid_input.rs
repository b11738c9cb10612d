//! `invalid-input`: an input that no value, or not its own default, can fit.

use std::collections::BTreeMap;

use taskclass_source::path::Segment;
use taskclass_source::{Node, Path};
use taskclass_spec::InputName;
use taskclass_spec::inputs::{DeclarationFault, DeclarationProblem, InputFault, check_declarations};
use taskclass_spec::shape::ShapeError;
use taskclass_spec::written::Input;

use crate::bounds::deciding;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};
use crate::spelling::did_you_mean;

declare_rule! {
    /// An input that no value, or not its own default, can fit.
    ///
    /// ## What it does
    /// Reports patterns that are not regular expressions, bounds that leave nothing between them, values listed twice, and
    /// defaults that do not fit.
    ///
    /// ## Why it matters
    /// Every run that relies on it is refused.
    ///
    /// ## Bad
    /// ```yaml
    /// inputs:
    ///   thing: {type: string, pattern: "^[a-z-]+$", max_length: 40, default: "Not this", description: The thing to change}
    ///                                                                        ^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// inputs:
    ///   thing: {type: string, pattern: "^[a-z-]+$", max_length: 40, default: timeout, description: The thing to change}
    /// ```
    name: "invalid-input", family: Prompt, level: Error, hold: Format, check: Class(check)
}

/// No class may declare more; beyond that, which is reported by itself, no pattern is worth the time to compile it.
const MAX_DECLARATIONS: usize = 40;

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    // Each declaration by itself: what is wrong with the shape of one hides nothing that is wrong with another.
    let declarations = cx.document.node("inputs").and_then(Node::as_map).into_iter().flatten();
    for entry in declarations.take(MAX_DECLARATIONS) {
        let Ok(name) = entry.key.text.parse::<InputName>() else { continue };
        let whole = cx.class.inputs.and_then(|inputs| inputs.get(&name)).cloned();
        let Some(input) = whole.or_else(|| readable(cx, &name, &entry.value)) else { continue };
        for problem in check_declarations(&BTreeMap::from([(name.clone(), input)])) {
            report(cx, &problem, sink);
        }
    }
}

/// A declaration in a section that was not read: all of it if nothing is wrong in it, else its pattern alone.
fn readable(cx: &ClassContext<'_>, name: &InputName, node: &Node) -> Option<Input> {
    let path = Path::root().key("inputs").key(name.as_str());
    let below = |error: &ShapeError| error.path.segments().starts_with(path.segments());
    let broken =
        cx.document.shape().any(below) || cx.document.problems.iter().any(|problem| node.span.contains(problem.span));
    if !broken {
        return serde_json::from_value(node.to_json()).ok();
    }
    let pattern = node.get("pattern")?.as_str()?.to_owned();
    let (description, default, min_length, max_length) = (None, None, None, None);
    Some(Input::String { description, default, pattern: Some(pattern), min_length, max_length })
}

fn report(cx: &ClassContext<'_>, problem: &DeclarationProblem, sink: &mut Sink<'_>) {
    let input = Path::root().key("inputs").key(problem.input.as_str());
    let path: Path = input.segments().iter().chain(problem.path.segments()).cloned().collect();
    let beside = |field: &str, text: &str| {
        let field = path.parent().map(|parent| parent.key(field));
        let there = field.filter(|field| cx.document.root.is_some_and(|root| root.at(field).is_some()));
        there.map(|field| cx.document.at_path(&field).value(text))
    };
    let label = match &problem.fault {
        DeclarationFault::EmptyRange { .. } => {
            beside("minimum", "not below this").or_else(|| beside("min_length", "not below this"))
        }
        DeclarationFault::DuplicateValue { first, .. } => {
            path.parent().map(|values| cx.document.at_path(&values.index(*first)).value("first here"))
        }
        DeclarationFault::BadDefault(fault) => {
            let item = matches!(problem.path.segments().last(), Some(Segment::Index(_)));
            Some(deciding(cx, &problem.input, item, fault))
        }
        _ => None,
    };
    let meant = match &problem.fault {
        DeclarationFault::BadDefault(InputFault::NotAChoice { suggestion, .. }) => did_you_mean(suggestion.as_deref()),
        _ => String::new(),
    };
    sink.report(cx.document.at_path(&path).value(meant), problem.to_string(), |finding| match label {
        Some(label) => finding.with_label(label),
        None => finding,
    });
}
