//! How documents stand, for people: what is not committed yet, a table, then what is to be said of each that is not as it should be.

use taskclass_approval::registry::{DocumentState, NotApproved};
use taskclass_lint::render;
use taskclass_source::{
    Finding,
    text::{display_width, visible, wrap},
};

use super::{
    moment::Moment,
    report::{Document, OnceCommitted, Report, State},
    table::{self, quorum, some},
};
use crate::{
    lasting,
    ui::{Tone, Ui},
};

/// How much is said.
pub(super) struct Page {
    pub(super) moment: Moment,
    /// Whether one document was asked about.
    pub(super) one: bool,
    /// Whether another commit than the present one was, at which no other command can show what the linter finds.
    pub(super) elsewhere: bool,
}

/// The columns before what is said of a fact: beside its name, or below it.
const BESIDE: usize = 15;
const BELOW: usize = 4;

/// Lines that fit.
struct Lines<'u> {
    ui: &'u Ui,
    room: usize,
    lines: Vec<String>,
}

impl<'u> Lines<'u> {
    /// None yet. Where there is no terminal no line is broken.
    fn new(ui: &'u Ui) -> Self {
        Self { ui, room: ui.room.unwrap_or(usize::MAX), lines: Vec::new() }
    }

    /// A fact in words, which go on below one another; what has no room beside the name stands below it.
    fn fact(&mut self, name: &str, text: &str) {
        let text = visible(text);
        let beside = self.room.saturating_sub(BESIDE);
        let parts = wrap(&text, beside);
        let fits = parts.iter().all(|part| display_width(part) <= beside);
        let painted = self.ui.paint(format!("{name:<11}"), Tone::Dim);
        if fits {
            for (at, part) in parts.iter().enumerate() {
                self.lines.push(match at {
                    0 => format!("  {painted}  {part}"),
                    _ => format!("{:BESIDE$}{part}", ""),
                });
            }
        } else {
            self.lines.push(format!("  {}", painted.trim_end()));
            let parts = wrap(&text, self.room.saturating_sub(BELOW));
            self.lines.extend(parts.iter().map(|part| format!("{:BELOW$}{part}", "")));
        }
    }

    /// A command, in one line however long it is: it is copied.
    fn command(&mut self, command: &str) {
        self.lines.push(format!("{:BELOW$}{command}", ""));
    }

    /// A line in a tone, which goes on two columns to the right.
    fn head(&mut self, text: &str, tone: Tone) {
        for (at, part) in wrap(text, self.room.saturating_sub(2)).iter().enumerate() {
            let part = self.ui.paint(part, tone);
            self.lines.push(if at == 0 { part } else { format!("  {part}") });
        }
    }
}

impl Page {
    /// Everything. `errors` are the linter's, by document.
    pub(super) fn print(
        &self,
        report: &Report,
        states: &[DocumentState],
        errors: &[Option<Vec<Finding>>],
        since: &dyn Fn(&str) -> String,
        ui: &mut Ui,
    ) {
        let first = uncommitted_revocations(report, ui);
        if !first.is_empty() {
            first.iter().for_each(|line| ui.line(line));
            ui.line("");
        }
        table::print(&report.documents, self.moment.on, ui);
        // Of documents of which the same is to be said, it is said once.
        let mut blocks: Vec<(Vec<&Document>, Vec<String>)> = Vec::new();
        for ((document, state), errors) in report.documents.iter().zip(states).zip(errors) {
            let facts = self.facts(document, state, errors.as_deref().unwrap_or_default(), since, ui);
            if facts.is_empty() {
                continue;
            }
            let alike = |(of, said): &&mut (Vec<&Document>, Vec<String>)| {
                *said == facts && document.state == State::NotApproved && of[0].state == State::NotApproved
            };
            match blocks.iter_mut().find(alike) {
                Some((of, _)) => of.push(document),
                None => blocks.push((vec![document], facts)),
            }
        }
        for (of, facts) in &blocks {
            let mut lines = Lines::new(ui);
            lines.lines.push(String::new());
            match of.as_slice() {
                // What cannot be read has nothing but its findings.
                [one] if one.error.is_some() => {}
                [one] => lines.head(&self.head(one), Tone::Strong),
                some => {
                    let names = table::some(some.iter().map(|document| visible(&document.name).into_owned()));
                    lines.head(&format!("{names} are not approved"), Tone::Strong);
                }
            }
            let head = lines.lines;
            head.iter().chain(facts).for_each(|line| ui.line(line));
        }
    }

    /// What is said of a document besides its row. Of one that is approved only what is out of the ordinary, unless it alone
    /// was asked about.
    fn facts(
        &self,
        document: &Document,
        state: &DocumentState,
        errors: &[Finding],
        since: &dyn Fn(&str) -> String,
        ui: &Ui,
    ) -> Vec<String> {
        let mut lines = Lines::new(ui);
        match &state.state {
            Err(NotApproved::Invalid { path, findings }) => {
                lines.lines.extend(findings.iter().map(|finding| render::finding(finding, ui.human())));
                lines.head(&format!("{path} is not valid; `taskclass lint` shows all there is to say"), Tone::Strong);
                return lines.lines;
            }
            Err(error) => {
                lines.head(&visible(&error.to_string()), Tone::Strong);
                return lines.lines;
            }
            Ok(_) => {}
        }
        self.approvals(document, &mut lines);
        self.records(document, &mut lines);
        if !self.moment.is_past() && document.state == State::NotApproved {
            self.missing(document, &mut lines);
        }
        if document.state == State::Revoked {
            let way = match document.revoked {
                Some(_) => format!("no approval outweighs a revocation: {}", document.way_out()),
                None => document.way_out(),
            };
            lines.fact("way out", &way);
        }
        if !errors.is_empty() {
            let errors = count(errors.len(), "error", "errors");
            lines.fact("lint", &format!("{errors}; approve and run refuse it"));
        }
        if self.elsewhere {
            lines.lines.extend(errors.iter().map(|finding| render::finding(finding, ui.human())));
        }
        if document.moved_on {
            lines.fact("moved on", "what has changed since it was approved:");
            lines.command(&since(&document.name));
        }
        lines.lines
    }

    /// `NAME version 1 (sha256:…) is …`
    fn head(&self, document: &Document) -> String {
        let digest = document.digest.as_deref().map(|digest| digest.get(..19).unwrap_or(digest)).unwrap_or_default();
        let version = document.version.map(|version| format!(" version {version}")).unwrap_or_default();
        let how = match (document.state, &document.revoked, document.expired_at, document.until) {
            (_, Some(by), ..) => format!("is revoked by {}: {}", by.principal, by.reason),
            (_, _, Some(at), _) => format!("expired on {at}"),
            (state, _, _, until) => {
                let how = if document.break_glass { "approved for an emergency (break-glass)" } else { state.word() };
                let until =
                    until.map(|until| format!(": {} left, until {until}", lasting::left(self.moment.on, until)));
                format!("is {how}{}", until.unwrap_or_default())
            }
        };
        visible(&format!("{}{version} ({digest}…) {how}", document.name)).into_owned()
    }

    /// The approvals that count, where that matters.
    fn approvals(&self, document: &Document, lines: &mut Lines<'_>) {
        if document.state == State::Revoked {
            return;
        }
        let approved = document.state == State::Approved;
        for by in document.approvals.iter().filter(|by| self.one || !approved || by.break_glass) {
            let mark = if by.break_glass { ", break-glass" } else { "" };
            let note = if by.note.is_empty() { String::new() } else { format!(": {}", by.note) };
            lines.fact("counts", &format!("{} until {}{mark}{note}", by.principal, by.expires_at));
        }
    }

    /// The records that do not count, or not yet. Approvals of earlier content are what every change leaves behind: they are
    /// counted, and what is broken stands out.
    fn records(&self, document: &Document, lines: &mut Lines<'_>) {
        let approved = document.state == State::Approved;
        let verbose = lines.ui.verbose;
        let is_old = |rule: &str| rule == "other-content" || approved && rule == "expired";
        for ignored in document.ignored.iter().filter(|ignored| verbose || !is_old(&ignored.rule)) {
            let who = ignored.principal.as_ref().map(|who| format!("{who}: ")).unwrap_or_default();
            let (name, message) = match (ignored.rule.as_str(), &document.revoked) {
                // Whose it is and why, stands above.
                ("revoked", Some(by)) if by.file == ignored.file => ("against", format!("signed at {}", by.revoked_at)),
                ("revoked" | "revocation-unchecked", _) => ("against", ignored.message.clone()),
                _ => ("ignored", ignored.message.clone()),
            };
            lines.fact(name, &format!("{}: {who}{message}", ignored.file));
        }
        let old = |rule: &str| document.ignored.iter().filter(|ignored| ignored.rule == rule).count();
        let folds = [
            (old("other-content"), "approval of earlier content", "approvals of earlier content"),
            (if approved { old("expired") } else { 0 }, "approval that has expired", "approvals that have expired"),
        ];
        for (number, one, many) in folds {
            if number > 0 && !verbose && (self.one || !approved) {
                lines.fact(
                    "ignored",
                    &format!("{} (-v lists {})", count(number, one, many), if number == 1 { "it" } else { "them" }),
                );
            }
        }
        let Some(then) = &document.once_committed else { return };
        for file in document.uncommitted.iter().filter(|file| !is_revocation(file)) {
            let what = match then.ignored.iter().find(|ignored| ignored.file == *file) {
                Some(ignored) => format!("would not count: {}", ignored.message),
                None => "commit and push it".to_owned(),
            };
            lines.fact("uncommitted", &format!("{file} lies in the work tree only: {what}"));
        }
    }

    /// How many are missing, and who could sign.
    fn missing(&self, document: &Document, lines: &mut Lines<'_>) {
        let missing = document.missing_then();
        let then = document.once_committed.as_ref().filter(|then| then.approvals > document.approvals.len());
        let once = then.map(|then| format!("{} once committed", quorum(then.approvals, document.quorum.unwrap_or(1))));
        if missing == 0 {
            if let Some(once) = once {
                lines.fact("approvals", &once);
            }
            return;
        }
        let could = document.could_sign();
        let lacking = usize::try_from(missing).unwrap_or(usize::MAX).saturating_sub(could.len());
        let who = match could.is_empty() {
            true if document.candidates.is_empty() => "trust/allowed_signers names nobody who could sign".to_owned(),
            true => "nobody could sign".to_owned(),
            false => format!("could sign: {}", some(could.iter().map(|who| (*who).to_owned()))),
        };
        let more = match lacking {
            0 => String::new(),
            _ => format!("; trust/allowed_signers needs {}", count(lacking, "more signer", "more signers")),
        };
        let once = once.map(|once| format!(" ({once})")).unwrap_or_default();
        lines.fact("missing", &format!("{missing} more{once}; {who}{more}"));
        for (who, why) in document.candidates.iter().filter_map(|c| c.hindrance.as_ref().map(|why| (c, why))) {
            if self.one || !why.contains("counts already") {
                lines.fact("could not", &format!("{}: {why}", who.principal));
            }
        }
    }
}

/// Revocations in the work tree, before all else: whoever signed one may think that it works.
fn uncommitted_revocations(report: &Report, ui: &Ui) -> Vec<String> {
    let mut lines = Lines::new(ui);
    let mut told: Vec<&str> = Vec::new();
    for document in &report.documents {
        let Some(then) = &document.once_committed else { continue };
        for file in document.uncommitted.iter().filter(|file| is_revocation(file)) {
            if told.is_empty() {
                lines.head(
                    "A revocation is not committed: until it is, and is pushed, it stops nothing",
                    Tone::Attention,
                );
            }
            if !told.contains(&file.as_str()) {
                told.push(file);
                lines.fact("uncommitted", &format!("{file} lies in the work tree only: commit and push it"));
            }
        }
        if document.uncommitted.iter().any(|file| is_revocation(file)) {
            lines.fact("then", &format!("{} {}", document.name, stands(document, then)));
        }
    }
    lines.lines
}

fn stands(document: &Document, then: &OnceCommitted) -> String {
    match (&then.revoked, then.state) {
        (Some(by), _) => format!("is revoked by {}: {}", by.principal, by.reason),
        (None, State::Approved) => "stays approved".to_owned(),
        (None, State::Revoked) => "is not approved: the revocation cannot be checked, and so stands".to_owned(),
        (None, _) => format!("is not approved: {}", quorum(then.approvals, document.quorum.unwrap_or(1))),
    }
}

/// Whether the record at a path is a revocation.
pub(super) fn is_revocation(path: &str) -> bool {
    path.split('/').next() == Some(taskclass_spec::registry::paths::REVOCATIONS)
}

/// So many of them.
fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
