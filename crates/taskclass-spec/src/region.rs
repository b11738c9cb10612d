//! A place in a file, as documents for programs give it.

use schemars::JsonSchema;
use serde::Serialize;
use taskclass_source::{self as source, SourceFile, Span};

/// A half-open region of a file.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct Region {
    /// Where it begins.
    start: Position,
    /// Just behind its last character.
    end: Position,
}

/// A position. Lines and columns count from 1.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
struct Position {
    /// Bytes of UTF-8 from the beginning of the file, from 0.
    byte: u32,
    /// The line.
    line: u32,
    /// The column in bytes of UTF-8.
    byte_column: u32,
    /// The column in Unicode code points.
    char_column: u32,
    /// The column in UTF-16 code units.
    utf16_column: u32,
    /// The column as a person sees it.
    display_column: u32,
}

impl Region {
    /// The region of a span.
    pub fn of(file: &SourceFile, span: Span) -> Self {
        Self { start: Position::of(file, span.start), end: Position::of(file, span.end) }
    }
}

impl Position {
    fn of(file: &SourceFile, byte: u32) -> Self {
        let source::Position { line, byte_column, char_column, utf16_column, display_column } = file.position(byte);
        Self { byte, line, byte_column, char_column, utf16_column, display_column }
    }
}
