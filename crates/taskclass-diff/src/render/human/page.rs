//! Lines within the terminal's width, painted or not.

use anstyle::{AnsiColor, Style};
use taskclass_source::text::{display_width, fold, visible, wrap};

use super::Human;
use crate::Effect;

/// What a piece of text is, for its style.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Strong,
    Faint,
    Attention,
    Gone,
    New,
    /// What differs within a line that came or went.
    GoneWord,
    NewWord,
    Of(Effect),
}

impl Ink {
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Attention => AnsiColor::Yellow.on_default(),
            Self::Gone => AnsiColor::Red.on_default(),
            Self::New => AnsiColor::Green.on_default(),
            Self::GoneWord => AnsiColor::Red.on_default().bold().invert(),
            Self::NewWord => AnsiColor::Green.on_default().bold().invert(),
            Self::Of(Effect::Widens | Effect::MayWiden) => AnsiColor::Red.on_default().bold(),
            Self::Of(Effect::Rewrites) => AnsiColor::Yellow.on_default().bold(),
            Self::Of(Effect::Narrows) => AnsiColor::Green.on_default().bold(),
            Self::Of(Effect::Neutral) => Style::new().bold(),
        }
    }
}

/// The fewest columns in which something is laid out.
const NARROWEST: usize = 30;

/// What was written so far.
pub(super) struct Page {
    text: String,
    colour: bool,
    width: usize,
}

impl Page {
    pub(super) fn new(how: Human) -> Self {
        Self { text: String::new(), colour: how.colour, width: how.width.max(NARROWEST) }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// How many columns are left behind an indent; always enough for a word.
    pub(super) fn room(&self, indent: usize) -> usize {
        self.width.saturating_sub(indent).max(12)
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// The text in its style.
    pub(super) fn paint(&self, ink: Ink, text: &str) -> String {
        if !self.colour || ink == Ink::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = ink.style();
        format!("{style}{text}{style:#}")
    }

    /// A line of pieces, each in its style; nothing is broken. The caller knows that it fits.
    pub(super) fn pieces(&mut self, indent: usize, pieces: &[(Ink, &str)]) {
        let mut line = " ".repeat(indent);
        for (ink, text) in pieces {
            line.push_str(&self.paint(*ink, text));
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// A text between words, in as many lines as it takes.
    pub(super) fn wrapped(&mut self, indent: usize, ink: Ink, text: &str) {
        self.led(indent, (Ink::Plain, ""), ink, text);
    }

    /// A text behind a lead; its other lines begin below the text.
    pub(super) fn led(&mut self, indent: usize, lead: (Ink, &str), ink: Ink, text: &str) {
        let under = display_width(lead.1);
        for (index, line) in self.broken(&visible(text), indent + under).iter().enumerate() {
            if index == 0 {
                self.pieces(indent, &[lead, (ink, line)]);
            } else {
                self.pieces(indent + under, &[(ink, line)]);
            }
        }
    }

    /// The text in lines that fit behind an indent: between words, and within those that are longer than a line.
    pub(super) fn broken(&self, text: &str, indent: usize) -> Vec<String> {
        let room = self.room(indent);
        wrap(text, room).iter().flat_map(|line| fold(line, room)).map(str::to_owned).collect()
    }

    /// A document's name, its effect, and what else is said of it on the same line if there is room.
    pub(super) fn title(&mut self, name: &str, effect: Effect, facts: &str) {
        let (name, facts) = (visible(name), visible(facts));
        let lead = display_width(&name) + 2 + effect.word().len() + 2;
        if lead + display_width(&facts) <= self.width {
            let pieces = [(Ink::Strong, &*name), (Ink::Plain, "  "), (Ink::Of(effect), effect.word())];
            let rest = [(Ink::Plain, "  "), (Ink::Faint, &*facts)];
            self.pieces(0, &[pieces.as_slice(), rest.as_slice()].concat());
        } else {
            self.led(0, (Ink::Plain, ""), Ink::Strong, &name);
            self.pieces(2, &[(Ink::Of(effect), effect.word())]);
            self.wrapped(2, Ink::Faint, &facts);
        }
    }
}

/// The text, filled with spaces up to `width` columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(display_width(text))))
}
