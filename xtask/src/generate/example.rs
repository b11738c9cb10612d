//! Examples for the manual's pages of fields, taken from what ships: found by path in the documents' trees.

use std::{fs, path::Path, sync::Arc};

use taskclass_source::{Node, SourceFile, Span, yaml};
use taskclass_spec::SchemaKind;

/// The documents that ship, those that show most first.
const SHIPPED: [(SchemaKind, &str); 10] = [
    (SchemaKind::TaskClass, "task-classes/dependency-bump.yaml"),
    (SchemaKind::TaskClass, "task-classes/migration-proposal.yaml"),
    (SchemaKind::TaskClass, "task-classes/new-service-scaffold.yaml"),
    (SchemaKind::TaskClass, "task-classes/release-note-draft.yaml"),
    (SchemaKind::TaskClass, "task-classes/test-modernization.yaml"),
    (SchemaKind::TaskClass, "examples/registry/task-classes/docs-link-repair.yaml"),
    (SchemaKind::Policy, "policy.yaml"),
    (SchemaKind::Policy, "examples/registry/policy.yaml"),
    (SchemaKind::Models, "crates/taskclass-spec/src/catalogue/models.yaml"),
    (SchemaKind::Executor, "docs/src/formats/executor.md"),
];
/// Where the records' forms are shown.
const RECORDS: &str = "docs/src/formats/approval.md";
/// The most lines of an example.
const MAX_LINES: usize = 30;

/// The documents, read.
pub(super) struct Examples {
    documents: Vec<Document>,
}

struct Document {
    kind: SchemaKind,
    /// As the page names it.
    from: String,
    source: Arc<SourceFile>,
    root: Node,
}

/// A piece of a document.
#[derive(Clone)]
pub(super) struct Example {
    /// The file that it is from.
    pub(super) from: String,
    /// The piece.
    pub(super) text: String,
    /// The fields in it.
    paths: Vec<String>,
}

impl Example {
    /// Whether the field can be seen in it.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.paths.iter().any(|held| held == path)
    }
}

impl Examples {
    pub(super) fn read(root: &Path) -> Result<Self, String> {
        let read = |path: &str| fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"));
        let mut documents = Vec::new();
        for (kind, path) in SHIPPED {
            let text = read(path)?;
            let (from, text) = match path.ends_with(".md") {
                true => (format!("{}.yaml", kind.name()), fenced(&text, &kind.id()).unwrap_or_default()),
                false => (path.to_owned(), text),
            };
            documents.extend(Document::parse(kind, &from, text));
        }
        let records = read(RECORDS)?;
        for kind in [SchemaKind::Approval, SchemaKind::Revocation] {
            let record = fenced(&records, &kind.id()).unwrap_or_default();
            documents.extend(Document::parse(kind, &format!("{}.json", kind.name()), record));
        }
        Ok(Self { documents })
    }

    /// The section at `top` from the document that shows most of `paths` in few lines.
    pub(super) fn of_section(&self, kind: SchemaKind, top: &str, paths: &[&str]) -> Option<Example> {
        let found = self.documents.iter().filter(|document| document.kind == kind).filter_map(|document| {
            let mut example = document.example(top)?;
            let held = paths.iter().filter(|path| find(&document.root, path).is_some());
            example.paths = held.map(|path| (*path).to_owned()).collect();
            Some(example)
        });
        // The first of several that show as much.
        found.filter(|example| example.text.lines().count() <= MAX_LINES).fold(None, |best: Option<Example>, next| {
            match best {
                Some(best) if best.paths.len() >= next.paths.len() => Some(best),
                _ => Some(next),
            }
        })
    }

    /// The field from the first document that has it.
    pub(super) fn of_field(&self, kind: SchemaKind, path: &str) -> Option<Example> {
        let mut found = self.documents.iter().filter(|document| document.kind == kind);
        let found = found.find_map(|document| document.example(path))?;
        (found.text.lines().count() <= MAX_LINES).then_some(found)
    }
}

/// The first fenced block of a page that speaks of `id`.
fn fenced(page: &str, id: &str) -> Option<String> {
    page.split("```").skip(1).step_by(2).find_map(|block| {
        let (_, text) = block.split_once('\n')?;
        text.contains(id).then(|| text.to_owned())
    })
}

/// What leads to a value: a key, or an entry of a list.
enum Step<'n> {
    Key(&'n str, Span),
    Item,
}

/// The first value that a field's path leads to.
fn find<'n>(root: &'n Node, path: &str) -> Option<(Vec<Step<'n>>, &'n Node)> {
    let steps: Vec<&str> = path.split('.').collect();
    walk(root, &steps)
}

fn walk<'n>(node: &'n Node, steps: &[&str]) -> Option<(Vec<Step<'n>>, &'n Node)> {
    let Some((step, rest)) = steps.split_first() else { return Some((Vec::new(), node)) };
    let (name, of_list) = match step.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (*step, false),
    };
    let entries = node.as_map()?.iter();
    entries.filter(|entry| name == "NAME" || entry.key.text == *name).find_map(|entry| {
        let key = Step::Key(&entry.key.text, entry.key.span);
        let (steps, value) = match of_list {
            true => entry.value.as_seq()?.iter().find_map(|item| {
                let (mut steps, value) = walk(item, rest)?;
                steps.insert(0, Step::Item);
                Some((steps, value))
            })?,
            false => walk(&entry.value, rest)?,
        };
        Some((std::iter::once(key).chain(steps).collect(), value))
    })
}

impl Document {
    fn parse(kind: SchemaKind, from: &str, text: String) -> Option<Self> {
        let source = SourceFile::new(from, text);
        let root = yaml::parse(&source).root?;
        Some(Self { kind, from: from.to_owned(), source, root })
    }

    /// A field with the keys that lead to it, and nothing else.
    fn example(&self, path: &str) -> Option<Example> {
        let (steps, value) = find(&self.root, path)?;
        let mut text = String::new();
        let (mut indent, mut lead) = (0, "");
        let count = steps.iter().filter(|step| matches!(step, Step::Key(..))).count();
        let mut seen = 0;
        for step in &steps {
            match step {
                Step::Item => lead = "- ",
                Step::Key(name, span) => {
                    seen += 1;
                    text.push_str(&format!("{:indent$}{lead}", ""));
                    indent += lead.len();
                    lead = "";
                    if seen == count {
                        let whole = span.to(value.span);
                        text.push_str(&self.moved(whole, indent));
                    } else {
                        text.push_str(&format!("{name}:\n"));
                    }
                    indent += 2;
                }
            }
        }
        Some(Example { from: self.from.clone(), text, paths: vec![path.to_owned()] })
    }

    /// The text of `span`, its later lines brought to where its first one stands now.
    fn moved(&self, span: Span, indent: usize) -> String {
        let text = self.source.text();
        let start = span.range().start;
        let column = start - text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let mut lines = self.source.slice(span).trim_end().lines();
        let mut moved = lines.next().unwrap_or_default().to_owned();
        for line in lines {
            let own = line.len() - line.trim_start().len();
            let line = line.get(own.min(column)..).unwrap_or_default();
            moved.push_str(format!("\n{:indent$}{line}", "").trim_end());
        }
        moved.push('\n');
        moved
    }
}
