//! What keeps a template from being used, as data and in words.

use std::fmt;

use taskclass_source::text::{hides, quoted, visible};
use taskclass_source::{Edit, Finding, Fix, Label, RegistryPath, Span};

use super::place::Place;
use super::{MAX_INCLUDE_DEPTH, MAX_PARTIALS, MAX_TEMPLATE_CHARS};
use crate::{InputName, suggest};

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptProblem {
    /// What is wrong. It displays as one line in the reader's words.
    pub kind: ProblemKind,
    /// The place that has to change.
    pub place: Place,
    /// The other places involved.
    pub related: Vec<Related>,
}

/// Another place that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub place: Place,
    /// What is said there.
    pub text: String,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The template engine cannot read it.
    Syntax {
        /// Why, in the engine's words.
        reason: String,
    },
    /// A block statement without its end.
    Unclosed {
        /// `if` or `for`, or the sign that opens it: `{{`, `{%`, `{#`.
        statement: &'static str,
    },
    /// An end, `else` or `elif` that belongs to nothing that is open there.
    Misplaced {
        /// As written: `endfor`.
        found: String,
        /// What would close what is open: `endif`.
        expected: Option<&'static str>,
    },
    /// More of something than a reviewer can follow or a machine should.
    TooComplex {
        /// Of what: "tags in one template".
        what: &'static str,
        /// The most there may be.
        limit: usize,
    },
    /// Part of MiniJinja's language, but not of this one.
    Refused {
        /// What: "`set`".
        what: String,
        /// What to write instead.
        instead: &'static str,
    },
    /// A name that is neither `inputs` nor `run` nor a loop's variable.
    UnknownName {
        /// The name.
        name: String,
        /// What was probably meant.
        suggestion: Option<String>,
    },
    /// An input that is not declared.
    UndefinedInput {
        /// The name behind `inputs.`; the place has just it.
        name: String,
        /// The declared one that was probably meant.
        suggestion: Option<InputName>,
    },
    /// A field that `run` or `loop` does not have.
    UnknownField {
        /// `run` or `loop`.
        of: &'static str,
        /// The field; the place has just it.
        name: String,
        /// The one that was probably meant.
        suggestion: Option<&'static str>,
        /// All that there are.
        known: Vec<&'static str>,
    },
    /// No filter of the list.
    UnknownFilter {
        /// The name; the place has just it.
        name: String,
        /// The one that was probably meant.
        suggestion: Option<&'static str>,
    },
    /// Wrong arguments of a filter.
    BadArgument {
        /// The filter.
        filter: &'static str,
        /// How it is written.
        usage: &'static str,
    },
    /// A value of a type that cannot stand there.
    WrongType {
        /// What can.
        expected: &'static str,
        /// What does.
        found: &'static str,
    },
    /// A choice is compared with a text that it can never be.
    NotAChoice {
        /// The input.
        input: InputName,
        /// The text.
        value: String,
        /// The choice that was probably meant.
        suggestion: Option<String>,
    },
    /// An include that names no partial of the registry, whatever files there are.
    BadInclude {
        /// As written, or what it is.
        name: String,
        /// Why not.
        reason: &'static str,
    },
    /// A partial that does not exist.
    MissingPartial {
        /// Its path.
        path: RegistryPath,
        /// The name, as an include writes it, of the one that was probably meant.
        suggestion: Option<String>,
    },
    /// A partial that cannot or must not be read.
    UnreadablePartial {
        /// Its path.
        path: RegistryPath,
        /// Why.
        reason: String,
    },
    /// A partial that includes itself, perhaps through others.
    IncludeCycle {
        /// The partials from the first to the one that is included again, as includes write them.
        chain: Vec<String>,
    },
    /// Partials too deep within each other.
    IncludeTooDeep,
    /// More partials than [`MAX_PARTIALS`].
    TooManyPartials,
    /// Text that imitates the trailer.
    ReservedTrailer {
        /// As written: `Task-Class-Key`.
        name: String,
    },
    /// Characters that a reviewer does not see, or that rearrange what they see.
    HiddenCharacters {
        /// Those that stand side by side here.
        characters: String,
        /// How many more such places there are that are not listed.
        more: usize,
    },
    /// A byte-order mark at the start of a prompt file.
    ByteOrderMark,
    /// Carriage returns.
    LineEndings {
        /// How many.
        count: usize,
    },
    /// A byte that is no UTF-8, in a prompt file.
    NotUtf8,
    /// More characters than [`MAX_TEMPLATE_CHARS`].
    TooLong {
        /// How many.
        chars: usize,
    },
}

impl ProblemKind {
    /// The name of the lint rule that reports it.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Syntax { .. } | Self::Unclosed { .. } | Self::Misplaced { .. } | Self::TooComplex { .. } => {
                "template-syntax"
            }
            Self::Refused { .. } => "template-syntax",
            Self::UnknownName { .. } | Self::UndefinedInput { .. } | Self::UnknownField { .. } => "undefined-variable",
            Self::UnknownFilter { .. } => "unknown-filter",
            Self::BadArgument { .. } | Self::WrongType { .. } | Self::NotAChoice { .. } => "template-type",
            Self::BadInclude { .. } => "partial-escape",
            Self::MissingPartial { .. } | Self::UnreadablePartial { .. } => "missing-partial",
            Self::IncludeCycle { .. } | Self::IncludeTooDeep | Self::TooManyPartials => "include-cycle",
            Self::ReservedTrailer { .. } => "reserved-trailer",
            Self::HiddenCharacters { .. } => "hidden-character",
            Self::ByteOrderMark | Self::LineEndings { .. } => "line-endings",
            Self::NotUtf8 => "not-utf8",
            Self::TooLong { .. } => "prompt-too-long",
        }
    }

    /// What to write instead.
    pub fn help(&self) -> Option<String> {
        let did_you_mean = |text: String| Some(format!("did you mean `{text}`?"));
        match self {
            Self::Unclosed { statement: "{{" } => Some("close it with `}}`, on the same line".to_owned()),
            Self::Unclosed { statement: "{#" } => Some("close it with `#}`".to_owned()),
            Self::Unclosed { statement: "{%" } => Some("close it with `%}`, on the same line".to_owned()),
            Self::Syntax { reason } if reason.starts_with("unexpected") => Some(
                "an expression is `{{ inputs.name }}`, perhaps with filters behind it: `{{ inputs.name | fence }}`"
                    .to_owned(),
            ),
            Self::Unclosed { statement } => Some(format!("close it with `{{% end{statement} %}}`")),
            Self::Misplaced { expected: Some(expected), .. } => Some(format!("`{{% {expected} %}}` is expected first")),
            Self::Refused { instead, .. } => Some((*instead).to_owned()),
            Self::UnknownName { suggestion: Some(name), .. } => did_you_mean(name.clone()),
            Self::UnknownName { .. } => {
                Some("write `inputs.NAME` for what the caller gives, or `run.repository` and the like".to_owned())
            }
            Self::UndefinedInput { suggestion: Some(name), .. } => did_you_mean(format!("inputs.{name}")),
            Self::UndefinedInput { .. } => Some("declare it under `inputs`, or take it out of the prompt".to_owned()),
            Self::UnknownField { suggestion: Some(name), of, .. } => did_you_mean(format!("{of}.{name}")),
            Self::UnknownField { known, of, .. } => {
                let known: Vec<String> = known.iter().map(|name| format!("`{of}.{name}`")).collect();
                Some(format!("there are {}", known.join(", ")))
            }
            Self::UnknownFilter { suggestion: Some(name), .. } => did_you_mean((*name).to_owned()),
            Self::UnknownFilter { .. } => {
                let known: Vec<String> = super::FILTERS.iter().map(|filter| format!("`{}`", filter.name)).collect();
                Some(format!("there are {}", known.join(", ")))
            }
            Self::BadArgument { usage, .. } => Some(format!("write it as `{usage}`")),
            Self::WrongType { found: "a list", expected: "text" } => {
                Some("join its values: `| join(\", \")`".to_owned())
            }
            Self::WrongType { found: "fenced text", .. } => {
                Some("`fence` comes last, in an expression that is put out".to_owned())
            }
            Self::WrongType { found: "text", expected: "true or false" } => Some(
                "compare it with `true` or `false`, without quotes, or write it alone: `{% if inputs.name %}`"
                    .to_owned(),
            ),
            Self::WrongType { expected: "a list", .. } => Some("a loop goes over an input of `type: list`".to_owned()),
            Self::NotAChoice { suggestion: Some(value), .. } => did_you_mean(value.clone()),
            Self::BadInclude { .. } => Some(
                "write `{% include \"partials/<name>.md\" %}`, a file under task-classes/prompts/partials/".to_owned(),
            ),
            Self::MissingPartial { suggestion: Some(name), .. } => did_you_mean(name.clone()),
            Self::ReservedTrailer { .. } => {
                Some("leave it out: the renderer adds the trailer, and asks the agent to repeat it".to_owned())
            }
            Self::LineEndings { .. } => Some("end lines with a line feed alone".to_owned()),
            Self::TooLong { .. } => Some("move parts of it into partials, or into the repository".to_owned()),
            _ => None,
        }
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { reason } => write!(f, "the template cannot be read: {}", visible(reason)),
            Self::Unclosed { statement } => write!(f, "this `{statement}` is never closed"),
            Self::Misplaced { found, expected: Some(_) } => write!(f, "{} closes something else", quoted(found)),
            Self::Misplaced { found, expected: None } => write!(f, "{} belongs to nothing", quoted(found)),
            Self::TooComplex { what, limit } => write!(f, "there are more than {limit} {what}"),
            Self::Refused { what, .. } => write!(f, "a prompt template has no {what}"),
            Self::UnknownName { name, .. } => {
                write!(f, "the prompt uses {}, and there are only `inputs.…` and `run.…`", quoted(name))
            }
            Self::UndefinedInput { name, .. } => {
                write!(f, "the prompt uses {}, which is not declared", quoted(&format!("inputs.{name}")))
            }
            Self::UnknownField { of, name, .. } => {
                write!(f, "the prompt uses {}, which does not exist", quoted(&format!("{of}.{name}")))
            }
            Self::UnknownFilter { name, .. } => write!(f, "there is no filter {}", quoted(name)),
            Self::BadArgument { filter, .. } => write!(f, "`{filter}` takes other arguments"),
            Self::WrongType { expected, found } => write!(f, "{expected} is expected here, and this is {found}"),
            Self::NotAChoice { input, value, .. } => write!(f, "`inputs.{input}` is never {}", quoted(value)),
            Self::BadInclude { name, reason } => write!(f, "{} cannot be included: {reason}", quoted(name)),
            Self::MissingPartial { path, .. } => write!(f, "the partial {} does not exist", quoted(path.as_str())),
            Self::UnreadablePartial { path, reason } => {
                write!(f, "the partial {} cannot be used: {}", quoted(path.as_str()), visible(reason))
            }
            Self::IncludeCycle { chain } => {
                let chain: Vec<String> = chain.iter().map(|name| quoted(name)).collect();
                write!(f, "these partials include each other without end: {}", visible(&chain.join(" → ")))
            }
            Self::IncludeTooDeep => write!(f, "partials lie more than {MAX_INCLUDE_DEPTH} deep within each other"),
            Self::TooManyPartials => write!(f, "the prompt draws in more than {MAX_PARTIALS} partials"),
            Self::ReservedTrailer { name } => write!(f, "only the renderer writes {}", quoted(name)),
            Self::HiddenCharacters { characters, .. } => f.write_str(&hides(characters)),
            Self::ByteOrderMark => f.write_str("the file begins with a byte-order mark"),
            Self::LineEndings { count: 1 } => f.write_str("the text has a carriage return"),
            Self::LineEndings { count } => write!(f, "the text has {count} carriage returns"),
            Self::NotUtf8 => f.write_str("the file is not UTF-8 from here on"),
            Self::TooLong { chars } => {
                write!(f, "the template has {chars} characters; {MAX_TEMPLATE_CHARS} are the most")
            }
        }
    }
}

impl PromptProblem {
    /// What is wrong, in one line.
    pub fn message(&self) -> String {
        self.kind.to_string()
    }

    /// What to write instead.
    pub fn help(&self) -> Option<String> {
        self.kind.help()
    }

    /// The edits that remove it, where the place is exact: safe ones where what was meant is plain.
    pub fn fix(&self) -> Option<Fix> {
        if !self.place.exact {
            return None;
        }
        let (source, span) = (&self.place.source, self.place.span);
        let (written, meant) = match &self.kind {
            ProblemKind::UndefinedInput { name, suggestion: Some(meant) } => (name.as_str(), meant.as_str()),
            ProblemKind::UnknownName { name, suggestion: Some(meant) } => (name.as_str(), meant.as_str()),
            ProblemKind::UnknownField { name, suggestion: Some(meant), .. } => (name.as_str(), *meant),
            ProblemKind::UnknownFilter { name, suggestion: Some(meant) } => (name.as_str(), *meant),
            ProblemKind::NotAChoice { value, suggestion: Some(meant), .. } => (value.as_str(), meant.as_str()),
            ProblemKind::MissingPartial { suggestion: Some(meant), .. } => (self.unquoted(), meant.as_str()),
            ProblemKind::LineEndings { .. } => return Fix::line_feeds(source).filter(|_| self.place.text() == "\r"),
            ProblemKind::ByteOrderMark => {
                return Some(Fix::safe("delete the byte-order mark", vec![Edit::new(source, span, "")]));
            }
            ProblemKind::HiddenCharacters { .. } => {
                return Some(Fix::unsafe_("delete it", vec![Edit::new(source, span, "")]));
            }
            _ => return None,
        };
        // A text keeps its quotes.
        let inner =
            if self.unquoted().len() == span.len() { span } else { Span { start: span.start + 1, end: span.end - 1 } };
        let edits = vec![Edit::new(source, inner, meant)];
        let title = format!("write `{meant}`");
        Some(if suggest::plainly(written, meant) { Fix::safe(title, edits) } else { Fix::unsafe_(title, edits) })
    }

    /// What stands at the place, without the quotes of a text.
    fn unquoted(&self) -> &str {
        let text = self.place.text();
        let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
        inner('"').or_else(|| inner('\'')).unwrap_or(text)
    }

    /// The problem as a finding at level error.
    pub fn to_finding(&self) -> Finding {
        let mut finding = Finding::error(self.kind.rule(), self.message(), self.place.label(""));
        for related in &self.related {
            finding = finding.with_label(Label::new(&related.place.source, related.place.span, &related.text));
        }
        if let Some(help) = self.help() {
            finding = finding.with_help(help);
        }
        if let ProblemKind::HiddenCharacters { more: more @ 1.., .. } = self.kind {
            finding = finding.with_note(format!("{more} more such places in this text are not listed"));
        }
        if !self.place.exact {
            finding = finding
                .with_note("how this scalar is written keeps places in it from being followed, so all of it is marked; `|` is exact");
        }
        match self.fix() {
            Some(fix) => finding.with_fix(fix),
            None => finding,
        }
    }
}
