//! Where output goes and how it looks: data to stdout, the rest to stderr, colour only on a terminal.

pub(crate) mod lines;
pub(crate) mod progress;

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use taskclass_executor::vocab::{AgentState, State, Verdict};
use taskclass_lint::render::{self, Human};
use taskclass_source::text;

use crate::{
    args::{ColorChoice, Format, Global},
    exit::{Exit, Failure},
    ui::progress::Live,
    way::Way,
};

/// The program's mouth.
pub(crate) struct Ui {
    /// `None` once the reader has gone.
    out: Option<io::BufWriter<io::Stdout>>,
    pub(crate) format: Format,
    pub(crate) color: bool,
    pub(crate) color_err: bool,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    /// Columns of the terminal; 100 where there is none.
    pub(crate) width: usize,
    /// The columns of a line on stdout; `None` where it is no terminal, and no line is broken.
    pub(crate) room: Option<usize>,
    /// The same of stderr.
    room_err: Option<usize>,
    /// How this command's executor and registry are named in the commands that it suggests.
    pub(crate) way: Way,
    /// What is shown below all other output while something is waited for.
    live: Option<Live>,
}

/// What a piece of text is; each has one look.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tone {
    Good,
    Bad,
    Attention,
    Dim,
    Strong,
}

impl Tone {
    /// That of a task's state.
    pub(crate) fn of(state: &State) -> Self {
        match state {
            State::Judged(Verdict::Accepted) | State::Merged => Self::Good,
            State::Judged(Verdict::Rejected) | State::Refused | State::Reverted => Self::Bad,
            State::Judged(Verdict::Inconclusive) | State::Unknown | State::Unresolved => Self::Attention,
            State::Task(AgentState::Failed | AgentState::TimedOut) => Self::Bad,
            State::Task(agent) if agent.waits() => Self::Attention,
            _ => Self::Strong,
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Good => AnsiColor::Green.on_default(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Attention => AnsiColor::Yellow.on_default(),
            Self::Dim => Style::new().dimmed(),
            Self::Strong => Style::new().bold(),
        }
    }
}

fn painted(text: impl Display, tone: Tone, color: bool) -> String {
    if !color {
        return text.to_string();
    }
    let style = tone.style();
    format!("{style}{text}{style:#}")
}

impl Ui {
    pub(crate) fn new(global: &Global) -> Self {
        // https://no-color.org: present and not empty.
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = |terminal: bool| match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !no_color,
        };
        let width = terminal_width().unwrap_or(100);
        Self {
            out: Some(io::BufWriter::new(io::stdout())),
            format: global.format,
            color: color(io::stdout().is_terminal()),
            color_err: color(io::stderr().is_terminal()),
            quiet: global.quiet,
            verbose: global.verbose,
            width,
            room: io::stdout().is_terminal().then_some(width),
            room_err: io::stderr().is_terminal().then_some(width),
            way: Way::default(),
            live: None,
        }
    }

    /// Shows, from now on and below all other output, what is waited for: on a terminal on which somebody sees it.
    pub(crate) fn go_live(&mut self) {
        let seen = io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        if seen && !self.quiet && self.format == Format::Human {
            self.live = Some(Live::new(self.color_err));
        }
    }

    /// What is shown while something is waited for, if anything is.
    pub(crate) fn live(&self) -> Option<&Live> {
        self.live.as_ref()
    }

    /// Takes away what was shown while something was waited for.
    pub(crate) fn end_live(&mut self) {
        if let Some(live) = self.live.take() {
            live.end();
        }
    }

    /// Writes something while nothing else is drawn.
    fn aside<R>(&mut self, write: impl FnOnce(&mut Self) -> R) -> R {
        // Taken away meanwhile, as what is written may itself flush: a second one would wait for the first for ever.
        let Some(live) = self.live.take() else { return write(self) };
        let written = live.aside(|| write(self));
        self.live = Some(live);
        written
    }

    /// A line of data.
    pub(crate) fn line(&mut self, text: impl Display) {
        self.check(|out| writeln!(out, "{text}"));
    }

    /// Data behind a lead, such as a name or an age: on a terminal broken between words.
    pub(crate) fn led(&mut self, lead: &str, text: &str) {
        self.line(lines::hung(lead, text, self.room));
    }

    /// A fact: its name, and the value behind it.
    pub(crate) fn fact(&mut self, name: &str, value: &str) {
        let name = self.paint(format!("{name:<12}  "), Tone::Dim);
        self.led(&name, value);
    }

    /// Data as it is.
    pub(crate) fn raw(&mut self, text: impl AsRef<[u8]>) {
        self.check(|out| out.write_all(text.as_ref()));
    }

    /// Data for a program. A terminal may show it all the same, so nothing hides in it.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Failure::usage(format!("the result cannot be written as JSON: {error}")))?;
        self.json_line(&text);
        Ok(())
    }

    /// The same of what is JSON already.
    pub(crate) fn json_line(&mut self, json: &str) {
        self.line(text::visible_json(json));
    }

    /// A note for a person, on stderr; not with `-q`. On a terminal broken between words, but for commands: a line that begins
    /// with `Next:` or with two spaces.
    pub(crate) fn note(&mut self, text: impl Display) {
        if !self.quiet {
            self.tell(text);
        }
    }

    /// What a person has to know before they answer, on stderr; with `-q` as well.
    pub(crate) fn tell(&mut self, text: impl Display) {
        let text = text.to_string();
        let text = self.way.complete(&text).into_owned();
        self.aside(|ui| {
            ui.flush();
            let _ = writeln!(io::stderr(), "{}", lines::prose(&text, ui.room_err));
        });
    }

    /// The same behind a lead; not with `-q`.
    pub(crate) fn note_led(&mut self, lead: &str, text: &str) {
        if !self.quiet {
            self.tell_led(lead, text);
        }
    }

    /// What a person has to know, behind a lead.
    pub(crate) fn tell_led(&mut self, lead: &str, text: &str) {
        let text = self.way.complete(text).into_owned();
        self.aside(|ui| {
            ui.flush();
            let _ = writeln!(io::stderr(), "{}", lines::hung(lead, &text, ui.room_err));
        });
    }

    /// A detail for a person, on stderr; only with `-v`.
    pub(crate) fn detail(&mut self, text: impl Display) {
        if self.verbose {
            self.note(text);
        }
    }

    /// How findings are shown on stdout.
    pub(crate) fn human(&self) -> Human {
        Human { colour: self.color, width: self.width }
    }

    /// Text in a tone, for stdout.
    pub(crate) fn paint(&self, text: impl Display, tone: Tone) -> String {
        painted(text, tone, self.color)
    }

    /// Text in a tone, for stderr.
    pub(crate) fn paint_err(&self, text: impl Display, tone: Tone) -> String {
        painted(text, tone, self.color_err)
    }

    /// Tells of a failure on stderr.
    pub(crate) fn failure(&mut self, failure: &Failure) {
        self.end_live();
        self.flush();
        let mut err = io::stderr().lock();
        let word = match failure.exit {
            Exit::Refused => "refused",
            Exit::NeedsPerson => "needs a person",
            Exit::Interrupted => "interrupted",
            _ => "error",
        };
        for finding in &failure.findings {
            let how = Human { colour: self.color_err, width: self.width };
            let _ = writeln!(err, "{}", render::finding(finding, how));
        }
        drop(err);
        let word = self.paint_err(word, Tone::Bad);
        self.tell_lines(&format!("{word}: "), &failure.message);
        for reason in &failure.reasons {
            self.tell_lines("  - ", reason);
        }
        for help in &failure.help {
            let sign = self.paint_err("= help:", Tone::Dim);
            self.tell_lines(&format!("  {sign} "), help);
        }
    }

    /// A text from anywhere behind a lead, line by line.
    fn tell_lines(&mut self, lead: &str, text: &str) {
        let text = text::visible_lines(text);
        let mut lines = text.split('\n');
        self.tell_led(lead, lines.next().unwrap_or_default());
        for line in lines {
            let rest = line.trim_start();
            self.tell_led(&line[..line.len() - rest.len()], rest);
        }
    }

    pub(crate) fn flush(&mut self) {
        self.aside(|ui| ui.check(Write::flush));
    }

    /// Whether the reader has gone (`| head`). What shows something for ever ends then.
    pub(crate) fn is_unread(&self) -> bool {
        self.out.is_none()
    }

    /// A reader that has gone is told nothing more, and no one is told of it: the work goes on, and the program ends with
    /// the code that it would have ended with.
    fn check(&mut self, write: impl FnOnce(&mut io::BufWriter<io::Stdout>) -> io::Result<()>) {
        let Some(out) = &mut self.out else { return };
        match write(out) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                if let Some(out) = self.out.take() {
                    // Without a last try to write what is left.
                    let _ = out.into_parts();
                }
            }
            Err(error) => {
                let _ = writeln!(io::stderr(), "error: cannot write to standard output: {error}");
                std::process::exit(Exit::Usage as i32);
            }
        }
    }
}

/// In fewer columns nothing can be laid out; the terminal wraps then.
const MIN_WIDTH: usize = 30;

/// `COLUMNS`, or what the terminal says.
fn terminal_width() -> Option<usize> {
    let named = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let width = named.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)));
    width.filter(|width| *width > 0).map(|width| width.max(MIN_WIDTH))
}
