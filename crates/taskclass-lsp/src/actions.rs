//! What can be done about findings: their fixes, all safe ones at once, a comment that suppresses one.

use taskclass_lint::{Change, Hold, rules};
use taskclass_source::yaml::Style;
use taskclass_source::{Edit, Finding, Safety, SourceFile, Span};

use crate::spot;
use crate::view::{FileKind, View};

/// What to write for a reason that only a person can give.
const REASON: &str = "why it is fine here";

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Action {
    pub(crate) title: String,
    /// Whether it is what most would do.
    pub(crate) preferred: bool,
    pub(crate) edits: Vec<Edit>,
    /// The text of the only edit with a stop in it, for editors that have them.
    pub(crate) snippet: Option<String>,
}

/// The fix of a finding.
pub(crate) fn fix(finding: &Finding) -> Option<Action> {
    let fix = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty())?;
    let title = match fix.safety {
        Safety::Safe => sentence(&fix.title),
        Safety::Unsafe => format!("{} (may change what is meant)", sentence(&fix.title)),
    };
    Some(Action { title, preferred: fix.safety == Safety::Safe, edits: fix.edits.clone(), snippet: None })
}

fn sentence(title: &str) -> String {
    let mut chars = title.chars();
    chars.next().map(|first| format!("{}{}", first.to_uppercase(), chars.as_str())).unwrap_or_default()
}

/// A comment above the line of the finding that suppresses it; `None` for a rule that cannot be suppressed.
pub(crate) fn suppress(view: &View<'_>, finding: &Finding) -> Option<Action> {
    let rule = rules::find(&finding.rule).filter(|rule| rule.hold == Hold::Free)?;
    let source = &view.source;
    let (open, close) = match view.kind {
        FileKind::Prompt => ("{#", " #}"),
        FileKind::Class | FileKind::Policy | FileKind::Models => ("#", ""),
        FileKind::Other => return None,
    };
    let start = above(view, finding.primary.span);
    let line = source.text().get(..start as usize)?.rfind('\n').map_or(0, |at| at + 1);
    let rest = source.text().get(line..)?;
    let indent = rest.get(..rest.len() - rest.trim_start_matches([' ', '\t']).len())?;
    let head = format!("{indent}{open} taskclass: allow({}): ", rule.name);
    let edit = Edit::new(source, Span::at(line), format!("{head}{close}\n"));
    Some(Action {
        title: format!("Suppress {} here, with a reason", rule.name),
        preferred: false,
        edits: vec![edit],
        snippet: Some(format!("{}${{1:{REASON}}}{close}\n", stopless(&head))),
    })
}

/// Text in which an editor sees no stop.
fn stopless(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// The place above whose line the comment goes: of a text of several lines its first, since a comment within would be text.
fn above(view: &View<'_>, span: Span) -> u32 {
    let Some(root) = view.root().filter(|_| view.kind != FileKind::Prompt) else { return span.start };
    let (_, node) = spot::around(root, span);
    let scalar =
        matches!(node.style, Style::Literal | Style::Folded | Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
    if scalar { node.span.start } else { span.start }
}

/// The one edit that makes a change: what both texts begin and end with stays.
pub(crate) fn difference(change: &Change) -> Option<Edit> {
    let source = SourceFile::new(change.path.as_str(), change.before.as_str());
    let (old, new) = (change.before.as_str(), change.after.as_str());
    if old == new {
        return None;
    }
    let head = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let head = floor(old, new, head);
    let (old_rest, new_rest) = (old.get(head..)?, new.get(head..)?);
    let mut tail = old_rest.bytes().rev().zip(new_rest.bytes().rev()).take_while(|(a, b)| a == b).count();
    while !(old_rest.is_char_boundary(old_rest.len() - tail) && new_rest.is_char_boundary(new_rest.len() - tail)) {
        tail -= 1;
    }
    let replacement = new_rest.get(..new_rest.len() - tail)?;
    Some(Edit::new(&source, Span::new(head, old.len() - tail), replacement))
}

fn floor(a: &str, b: &str, mut at: usize) -> usize {
    while !(a.is_char_boundary(at) && b.is_char_boundary(at)) {
        at -= 1;
    }
    at
}
