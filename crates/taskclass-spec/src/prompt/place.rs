//! Where template text comes from, and the way back from an offset in it to the file.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use taskclass_source::yaml::ScalarMap;
use taskclass_source::{Files, Label, Node, ReadError, RegistryPath, SourceFile, Span};

/// A place in a file as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub source: Arc<SourceFile>,
    /// The place in it.
    pub span: Span,
    /// Whether it is the very place. If not, it is the whole scalar that the template stands in.
    pub exact: bool,
}

impl Place {
    /// What stands there, as written.
    pub fn text(&self) -> &str {
        self.source.slice(self.span)
    }

    /// A label of this place that says `text`.
    pub fn label(&self, text: impl Into<String>) -> Label {
        Label::new(&self.source, self.span, text)
    }
}

/// A template's text and the file it stands in. Cheap to clone.
#[derive(Clone)]
pub struct PromptSource(Arc<Inner>);

struct Inner {
    source: Arc<SourceFile>,
    /// Whether the text is the whole file, as a prompt file's and a partial's is.
    whole_file: bool,
    /// The text, if it is not the file's own.
    decoded: Option<String>,
    way_back: WayBack,
    /// Where the file's bytes stop being UTF-8.
    not_utf8: Option<usize>,
}

#[derive(Clone)]
enum WayBack {
    /// The text is the file's.
    Same,
    /// Through the scalar's map.
    Mapped(ScalarMap),
    /// There is none: this is the scalar.
    Whole(Span),
}

/// Why there is no text to compile.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FileFault {
    /// No such file.
    #[error("`{path}` does not exist")]
    Missing {
        /// The path, relative to the registry.
        path: RegistryPath,
    },
    /// It cannot or must not be read.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
}

impl PromptSource {
    /// The template in the text scalar `scalar` of the YAML file `source`. Of a node that is no text the template is empty.
    pub fn inline(source: &Arc<SourceFile>, scalar: &Node) -> Self {
        let way_back = scalar.scalar_map(source).map_or(WayBack::Whole(scalar.span), WayBack::Mapped);
        let decoded = Some(scalar.as_str().unwrap_or_default().to_owned());
        Self(Arc::new(Inner { source: Arc::clone(source), whole_file: false, decoded, way_back, not_utf8: None }))
    }

    /// The template that is the whole of the file at `path`. What is wrong with its text is found when it is inspected.
    ///
    /// # Errors
    /// If there is no such file or it must not be read.
    pub fn file(path: &RegistryPath, files: &dyn Files) -> Result<Self, FileFault> {
        let bytes = files.read(path)?.ok_or_else(|| FileFault::Missing { path: path.clone() })?;
        let (text, not_utf8) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            // Up to the first bad byte the offsets are the same in the text with replacements.
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(valid))
            }
        };
        let source = SourceFile::new(path.as_str(), text);
        Ok(Self(Arc::new(Inner { source, whole_file: true, decoded: None, way_back: WayBack::Same, not_utf8 })))
    }

    /// The template's text.
    pub fn text(&self) -> &str {
        self.0.decoded.as_deref().unwrap_or_else(|| self.0.source.text())
    }

    /// The file that it stands in.
    pub fn source(&self) -> &Arc<SourceFile> {
        &self.0.source
    }

    /// Whether the text is the whole file, and not a scalar in it.
    pub fn is_file(&self) -> bool {
        self.0.whole_file
    }

    /// Whether offsets of the text can be followed into the file.
    pub fn is_exact(&self) -> bool {
        !matches!(self.0.way_back, WayBack::Whole(_))
    }

    /// The place in the file of the bytes `range` of the text.
    pub fn place(&self, range: Range<usize>) -> Place {
        let range = floor(self.text(), range.start)..ceil(self.text(), range.end.max(range.start));
        let span = match &self.0.way_back {
            WayBack::Same => Span::new(range.start, range.end),
            WayBack::Mapped(map) => map.span(range),
            WayBack::Whole(span) => *span,
        };
        Place { source: Arc::clone(&self.0.source), span, exact: self.is_exact() }
    }

    /// The same place with another text of the same length; `None` if it is not.
    pub(super) fn with_text(&self, text: String) -> Option<Self> {
        let Inner { source, whole_file, way_back, not_utf8, .. } = &*self.0;
        (text.len() == self.text().len()).then(|| {
            Self(Arc::new(Inner {
                source: Arc::clone(source),
                whole_file: *whole_file,
                decoded: Some(text),
                way_back: way_back.clone(),
                not_utf8: *not_utf8,
            }))
        })
    }

    /// The place of the whole text.
    pub fn whole(&self) -> Place {
        self.place(0..self.text().len())
    }

    /// Whether it is this very text and not only one that reads the same.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn not_utf8(&self) -> Option<usize> {
        self.0.not_utf8
    }
}

impl fmt::Debug for PromptSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PromptSource").field("source", &self.0.source).field("exact", &self.is_exact()).finish()
    }
}

/// The nearest character boundary at or before `offset`; the engine's error ranges may cut a character.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn ceil(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset += 1;
    }
    offset
}
