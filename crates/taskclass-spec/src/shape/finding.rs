//! What a reader is told of a document's faults: one wording for the linter, for every command and for the executor's
//! configuration. Who reports them decides on level and order, not on words.

use std::{cell::OnceCell, collections::BTreeMap, sync::Arc};

use serde_json::Value;
use taskclass_source::{
    Edit, Finding, Fix, Label, Node, Path, SourceFile, Span,
    path::Segment,
    yaml::{Problem, ProblemKind},
};

use super::{
    ShapeError, ShapeErrorKind,
    absent::{NOT_HERE, SECTIONS, Section},
    field::{about, accepts, lost_before, place_of},
    hint::{as_list, dashes, hint, in_braces},
    respell::{Respelled, respelled},
    words::{expected, listed},
};
use crate::{
    schema::{self, SchemaKind},
    suggest::plainly,
};

/// Words the faults of one document.
#[derive(Debug)]
pub struct Explainer<'a> {
    kind: SchemaKind,
    source: &'a Arc<SourceFile>,
    root: Option<&'a Node>,
    /// The tree as JSON, once a schema is asked about a place in it.
    document: OnceCell<Value>,
}

/// How a null is called.
const NOTHING: &str = "nothing (null)";

/// So many departures are explained; a document with more is told of the others in one line each.
const EXPLAINED: usize = 200;

impl<'a> Explainer<'a> {
    /// For a document of `kind`: its text, and its tree if there is anything in it.
    pub fn new(kind: SchemaKind, source: &'a Arc<SourceFile>, root: Option<&'a Node>) -> Self {
        Self { kind, source, root, document: OnceCell::new() }
    }

    /// The name of the lint rule that reports `error`.
    pub fn rule(&self, error: &ShapeError) -> &'static str {
        if self.is_notice(error) {
            return "unknown-notifier";
        }
        self.section(error).map_or(error.kind.rule(), |section| section.rule)
    }

    /// The causes (see [`super::causes`]) as findings at level error, in their order. What one mapping lacks is one finding.
    pub fn departures<'e>(&self, causes: impl IntoIterator<Item = &'e ShapeError>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut lacking: BTreeMap<&Path, (usize, Span, Vec<&str>)> = BTreeMap::new();
        for error in causes {
            match &error.kind {
                ShapeErrorKind::MissingField { names } if names.len() == 1 && self.section(error).is_none() => {
                    let (_, _, lacks) = lacking.entry(&error.path).or_insert_with(|| {
                        findings.push(None);
                        (findings.len() - 1, error.span, Vec::new())
                    });
                    lacks.extend(names.iter().map(String::as_str));
                }
                _ if findings.len() < EXPLAINED => findings.push(Some(self.departure(error))),
                _ => findings.push(Some(self.bare(error))),
            }
        }
        for (path, (at, span, names)) in lacking {
            if let Some(place) = findings.get_mut(at) {
                *place = Some(self.lacks(path, span, &names));
            }
        }
        findings.into_iter().flatten().collect()
    }

    fn section(&self, error: &ShapeError) -> Option<&'static Section> {
        let ShapeErrorKind::MissingField { names } = &error.kind else { return None };
        let here = self.kind == SchemaKind::TaskClass && error.path.is_root();
        SECTIONS.iter().find(|section| here && *names == [section.name])
    }

    /// Whether it is about the form of an entry of `escalation.ladder[].notify`.
    fn is_notice(&self, error: &ShapeError) -> bool {
        let [Segment::Key(section), Segment::Key(ladder), Segment::Index(_), Segment::Key(notify), Segment::Index(_)] =
            error.path.segments()
        else {
            return false;
        };
        self.kind == SchemaKind::TaskClass
            && matches!(error.kind, ShapeErrorKind::InvalidValue { .. })
            && [&**section, &**ladder, &**notify] == ["escalation", "ladder", "notify"]
    }

    /// A notice of no known form: the nearest that there is. Which webhooks there are says the executor's configuration.
    fn notice(&self, error: &ShapeError, finding: Finding) -> Finding {
        let written = self.source.slice(error.span).trim_matches(['"', '\'']);
        match crate::suggest::closest(written, ["issue", "comment"]) {
            Some(meant) => {
                let fix = Edit::of_scalar(self.source, error.span, meant);
                suggest(finding, meant, fix.map(|edit| Fix::safe(format!("write `{meant}`"), vec![edit])))
            }
            None => finding.with_help("write `issue`, `comment` or `webhook:NAME`"),
        }
    }

    fn bare(&self, error: &ShapeError) -> Finding {
        let message = self.section(error).map_or_else(|| error.to_string(), |section| section.message.to_owned());
        // Of a document that does not say what it is, the first key is marked, not all of it.
        let first = self.root.filter(|root| root.span == error.span).and_then(Node::as_map);
        let span = first.and_then(|map| Some(map.iter().next()?.key.span)).unwrap_or(error.span);
        Finding::error(self.rule(error), message, Label::mark(self.source, span))
    }

    fn departure(&self, error: &ShapeError) -> Finding {
        let finding = self.bare(error);
        if let Some(section) = self.section(error) {
            return finding.with_help(section.help);
        }
        let finding = self.in_section(error, finding);
        if self.is_notice(error) {
            return self.notice(error, finding);
        }
        match &error.kind {
            ShapeErrorKind::UnknownField { name, known, suggestion } => {
                self.unknown(error, finding, name, known, suggestion.as_deref())
            }
            ShapeErrorKind::WrongType { expected, found } => self.wrong_type(error, finding, expected, found),
            ShapeErrorKind::InvalidValue { allowed, suggestion: Some(meant), .. } => {
                let fix = if allowed.contains(meant) { Edit::of_scalar(self.source, error.span, meant) } else { None };
                let written = self.source.slice(error.span).trim_matches(['"', '\'']);
                suggest(finding, meant, fix.map(|edit| correction(written, meant, edit)))
            }
            ShapeErrorKind::InvalidValue { suggestion: None, .. } => self.other_notation(error, finding),
            ShapeErrorKind::UnsupportedSchema { expected } => self.unsupported(finding, expected),
            _ => finding,
        }
    }

    /// Adds a label at the section that an error's place belongs to, unless it stands on the same line for all to see.
    fn in_section(&self, error: &ShapeError, finding: Finding) -> Finding {
        let line = |span: Span| self.source.position(span.start).line;
        match error.section.filter(|section| line(*section) != line(error.span)) {
            Some(section) => finding.with_label(Label::new(self.source, section, "in this section")),
            None => finding,
        }
    }

    fn unknown(
        &self,
        error: &ShapeError,
        mut finding: Finding,
        name: &str,
        known: &[String],
        suggestion: Option<&str>,
    ) -> Finding {
        let in_registry = matches!(self.kind, SchemaKind::TaskClass | SchemaKind::Policy);
        let why = NOT_HERE.iter().find(|(field, _)| in_registry && *field == name).map(|(_, why)| *why);
        let of_document =
            error.path.segments().len() > 1 && self.kind.json().pointer(&format!("/properties/{name}")).is_some();
        match (suggestion, self.home_of(name)) {
            (None, _) if of_document => {
                finding = finding
                    .with_help(format!("`{name}` is a field of the document itself: move it to the left margin"));
            }
            (Some(meant), _) => finding = suggest(finding, meant, self.renamed(error, meant)),
            (None, Some(home)) => {
                finding = finding.with_help(format!("`{name}` is a field of `{home}`: move it there"))
            }
            (None, None) if why.is_none() => finding = finding.with_help(format!("take `{name}` out")),
            (None, None) => {}
        }
        if !known.is_empty() {
            finding = finding.with_note(format!("fields here: {}", known.join(", ")));
        }
        match why {
            Some(why) => finding.with_note(why),
            None => finding,
        }
    }

    /// The one section of the document that has a field of this name.
    fn home_of(&self, name: &str) -> Option<&'static str> {
        let root = self.kind.json();
        let has = |(_, section): &(&'static String, &'static Value)| {
            schema::resolve(root, section).and_then(|section| section.get("properties")?.get(name)).is_some()
        };
        let mut homes = root.get("properties")?.as_object()?.iter().filter(has);
        let (home, _) = homes.next()?;
        homes.next().is_none().then_some(home.as_str())
    }

    /// Renames the field, unless the other is there already.
    fn renamed(&self, error: &ShapeError, meant: &str) -> Option<Fix> {
        let siblings = self.root?.at(&error.path.parent()?)?.value.as_map()?;
        let edit = Edit::of_scalar(self.source, error.span, meant).filter(|_| siblings.get(meant).is_none())?;
        Some(correction(self.source.slice(error.span).trim_matches(['"', '\'']), meant, edit))
    }

    fn wrong_type(&self, error: &ShapeError, finding: Finding, expected: &str, found: &str) -> Finding {
        if found == NOTHING {
            return finding.with_help(match error.path.last() {
                Some(Segment::Key(name)) if !self.is_required(&error.path, name) => {
                    format!("give it a value, or leave `{name}` out: nothing is said by writing nothing")
                }
                _ => "give it a value".to_owned(),
            });
        }
        let written = self.source.slice(error.span);
        let short = !written.is_empty() && written.len() <= 40 && !written.contains('\n');
        let bare = written.trim_matches(['"', '\'']);
        let node = self.root.and_then(|root| root.at(&error.path)).map(|entry| entry.value);
        let field = self.field(&error.path);
        if let Some(fix) = field.and_then(|field| dashes(self.kind, field, self.source, error.span)) {
            return finding.with_help("an item of a list begins with `- `, the blank included").with_fix(fix);
        }
        let offered: Option<(&str, String, Value)> = match (expected, found) {
            ("a list", "text" | "a whole number" | "a mapping") if short => {
                let whole =
                    |one: &Node| ("write it as a list", format!("[{written}]"), Value::from(vec![one.to_json()]));
                node.map(|node| in_braces(node, written).unwrap_or_else(|| whole(node)))
            }
            // What is to be a mapping is none with quotes and none without.
            ("a mapping", _) => None,
            (_, "a whole number" | "true or false" | "a number") if short => {
                Some(("put it in quotes", format!("\"{written}\""), Value::from(written)))
            }
            (_, "text") if bare.parse::<i64>().is_ok() => {
                Some(("without quotes", bare.to_owned(), bare.parse::<i64>().map_or(Value::Null, Value::from)))
            }
            (_, "text") if matches!(bare, "true" | "false") => {
                Some(("without quotes", bare.to_owned(), Value::from(bare == "true")))
            }
            _ => None,
        };
        // What is offered is accepted there, or it is not offered.
        match offered.filter(|(_, _, value)| field.is_some_and(|field| accepts(self.kind, field, value))) {
            Some((how, text, _)) => {
                let edit = Edit::new(self.source, error.span, text.as_str());
                finding.with_fix(Fix::safe(format!("{how}: `{text}`"), vec![edit]))
            }
            None => self.other_notation(error, finding),
        }
    }

    /// Offers what was meant by a value in another notation, if the field takes it.
    fn other_notation(&self, error: &ShapeError, finding: Finding) -> Finding {
        let value = self.root.and_then(|root| Some(root.at(&error.path)?.value));
        let text = value.filter(|value| value.span == error.span).and_then(Node::as_str);
        let (Some(text), Some(field)) = (text, self.field(&error.path)) else {
            return self.hinted(error, value, finding);
        };
        let listed = |value: &Value| match &error.kind {
            ShapeErrorKind::InvalidValue { allowed, .. } => {
                value.as_str().is_some_and(|text| allowed.iter().any(|one| one == text))
            }
            _ => false,
        };
        let takes =
            |way: &Respelled| way.value != text && (listed(&way.value) || accepts(self.kind, field, &way.value));
        let Some(way) = respelled(text).into_iter().find(takes) else {
            return self.hinted(error, value, finding);
        };
        let bare = !self.source.slice(error.span).starts_with(['"', '\'']);
        let (edit, meant) = match way.value.as_str() {
            // Some signs cannot begin a value without quotes.
            Some(meant) if bare && !meant.starts_with(char::is_alphanumeric) => {
                (Some(Edit::new(self.source, error.span, way.value.to_string())), meant.to_owned())
            }
            Some(meant) => (Edit::of_scalar(self.source, error.span, meant), meant.to_owned()),
            None => (Some(Edit::new(self.source, error.span, way.value.to_string())), way.value.to_string()),
        };
        let title = format!("write `{meant}`");
        let fix =
            edit.map(|edit| if way.plain { Fix::safe(title, vec![edit]) } else { Fix::unsafe_(title, vec![edit]) });
        let finding = suggest(finding, &meant, fix);
        match way.why {
            Some(why) => finding.with_note(why),
            None => finding,
        }
    }

    /// Says what to write, where that can be told from what is written.
    fn hinted(&self, error: &ShapeError, value: Option<&Node>, finding: Finding) -> Finding {
        let field = self.field(&error.path).zip(value);
        match field.and_then(|(field, node)| hint(self.kind, field, error.path.last(), &node.to_json())) {
            Some(help) => finding.with_help(help),
            None => finding,
        }
    }

    fn is_required(&self, path: &Path, name: &str) -> bool {
        let section = path.parent().and_then(|section| self.field(&section));
        let required = section.and_then(|section| section.get("required")?.as_array());
        required.is_some_and(|required| required.iter().any(|one| one == name))
    }

    fn unsupported(&self, finding: Finding, expected: &str) -> Finding {
        let Some(node) = self.root.and_then(|root| root.get("schema")) else {
            return finding.with_help(format!("begin the file with `schema: {expected}`"));
        };
        let finding = finding.with_help("this version of taskclass knows no other format for this file");
        // Another version may mean other things by the same words: only a slip of the pen is corrected.
        let name = expected.split('/').next().unwrap_or_default();
        let same = node.as_str().is_some_and(|text| text.split('/').next() == Some(name));
        match Edit::of_scalar(self.source, node.span, expected).filter(|_| same) {
            Some(edit) => finding.with_fix(Fix::unsafe_(format!("write `{expected}`"), vec![edit])),
            None => finding,
        }
    }

    /// What a mapping lacks, and what each missing field is for.
    fn lacks(&self, path: &Path, span: Span, names: &[&str]) -> Finding {
        let place = if path.is_root() { "the document".to_owned() } else { format!("`{path}`") };
        let message = format!("{place} lacks {}", listed(names, "and"));
        let finding = Finding::error("missing-field", message, Label::mark(self.source, span));
        match names {
            [name] => match self.field(&path.key(*name)).and_then(about) {
                Some(about) => finding.with_help(format!("add `{name}`: {about}")),
                None => finding.with_help(format!("add `{name}`")),
            },
            _ => finding.with_help(format!("add {}", listed(names, "and"))),
        }
    }

    /// A problem of the text as a finding. Of the ways to write a value only those are offered that its field accepts.
    pub fn problem(&self, problem: &Problem) -> Finding {
        let mut finding = problem.to_finding(self.source);
        match problem.kind {
            // In quotes it would be text, and still no field.
            ProblemKind::NonStringKey => finding.fix = None,
            ProblemKind::Syntax => finding.fix = finding.fix.map(|fix| self.in_a_list(problem.span, fix)),
            _ => {}
        }
        let field = match problem.spellings.as_slice() {
            [] => None,
            _ => self.root.and_then(|root| place_of(root, problem.span, Path::root())).and_then(|at| self.field(&at)),
        };
        let Some(field) = field else { return finding };
        let fits =
            |spelling: &&String| serde_json::from_str(spelling).is_ok_and(|value| accepts(self.kind, field, &value));
        let fitting: Vec<&str> = problem.spellings.iter().filter(fits).map(String::as_str).collect();
        if fitting.len() == problem.spellings.len() {
            return finding;
        }
        let writes = |spelling: &str| {
            let edits = problem.fix.iter().flat_map(|fix| &fix.edits);
            edits.into_iter().any(|edit| edit.replacement == spelling)
        };
        finding.help = match fitting.as_slice() {
            [] => vec![format!("write {}", expected(field))],
            some => vec![format!("write {}", listed(some, "or"))],
        };
        finding.fix = match fitting.as_slice() {
            [only] if problem.kind == ProblemKind::AmbiguousScalar && !writes(only) => {
                Some(Fix::safe(format!("write `{only}`"), vec![Edit::new(self.source, problem.span, *only)]))
            }
            some => problem.fix.clone().filter(|_| some.iter().any(|spelling| writes(spelling))),
        };
        finding
    }

    /// Where a field takes a list, a value that is put in quotes is put in brackets as well, or gets a dash on a line of its own.
    fn in_a_list(&self, span: Span, mut fix: Fix) -> Fix {
        let lost = self.root.and_then(|root| lost_before(root, span.start, Path::root()));
        let Some((path, colon)) = lost else { return fix };
        let wants_list = self.field(&path).is_some_and(|field| field.get("type").is_some_and(|kind| kind == "array"));
        let between = self.source.slice(Span { start: colon, end: span.start });
        let same_line = !between.contains('\n');
        // What stands in brackets already needs none of its own.
        let in_brackets = between.contains('[');
        if wants_list && !in_brackets {
            as_list(&mut fix, same_line);
        }
        fix
    }

    /// The schema of the value at `path`, which need not be there.
    fn field(&self, path: &Path) -> Option<&'static Value> {
        let root = self.root?;
        schema::at(self.kind.json(), self.document.get_or_init(|| root.to_json()), &super::steps(path))
    }
}

/// Writes `meant`: safe where it plainly was.
fn correction(written: &str, meant: &str, edit: Edit) -> Fix {
    let title = format!("write `{meant}`");
    if plainly(written, meant) { Fix::safe(title, vec![edit]) } else { Fix::unsafe_(title, vec![edit]) }
}

fn suggest(mut finding: Finding, meant: &str, fix: Option<Fix>) -> Finding {
    finding.primary.text = format!("did you mean `{meant}`?");
    finding.fix = fix;
    finding
}
