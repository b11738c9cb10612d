//! The next step: what is written is committed, what has moved on is looked at, what is missing is signed.

use std::path::Path;

use super::{
    moment::Moment,
    page::is_revocation,
    report::{Document, Report, State},
    table::is_due,
};
use crate::{
    next, place,
    ui::{Tone, Ui},
    way::word,
};

/// How somebody comes to be trusted.
pub(super) const ADD_A_SIGNER: &str = "add the key of each further signer to trust/allowed_signers, and commit it:\n  \
    echo \"WHO@EXAMPLE.COM namespaces=\\\"approval@taskclass,revocation@taskclass\\\" \
    $(cut -d' ' -f1,2 KEY.pub)\" >> trust/allowed_signers";

/// So many documents are named in one command.
const NAMES: usize = 4;

/// What the answer was about, as far as the next command has to say it again.
pub(super) struct Step<'a> {
    pub(super) root: &'a Path,
    pub(super) moment: Moment,
    /// The revision that was asked about.
    pub(super) at: Option<&'a str>,
    /// The document that was.
    pub(super) name: Option<&'a str>,
}

impl Step<'_> {
    /// Says it.
    pub(super) fn tell(&self, report: &Report, ui: &mut Ui) {
        let documents = &report.documents;
        if self.moment.is_past() && !report.approved {
            let name = self.name.map(|name| format!(" {name}")).unwrap_or_default();
            let now = self.command(&format!("verify{name}{}", self.revision(" --at ")));
            return ui.note(format!("that was at {}; how it stands now: {now}", report.on));
        }
        if self.committed(documents, ui) {
            return;
        }
        // What nothing runs without comes first, then what did run.
        let waiting = documents.iter().filter(|document| document.state != State::Approved);
        if let Some(document) = waiting.min_by_key(|document| rank(document)) {
            return self.mended(document, documents, ui);
        }
        if !report.policy_approved {
            return self.say(&self.command(&format!("verify policy{}", self.revision(" --at "))), ui);
        }
        let soonest = documents.iter().filter_map(|document| document.until.map(|until| (until, document)));
        match soonest.min_by_key(|(until, _)| *until) {
            Some((_, document)) if is_due(document, report.on) => self.say(&self.approve(&[document]), ui),
            Some((until, document)) if documents.len() == 1 => {
                ui.note(format!("{} stays approved until {until}, if nothing changes", document.name));
            }
            Some((until, document)) => {
                ui.note(format!("all approved; {} is the first to end, at {until}", document.name));
            }
            None => {}
        }
    }

    /// What lies uncommitted and makes a difference once it is not; revocations first.
    fn committed(&self, documents: &[Document], ui: &mut Ui) -> bool {
        for (message, revokes) in [("Revoke", true), ("Approve", false)] {
            let (mut names, mut paths): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
            for (document, then) in documents.iter().filter_map(|d| d.once_committed.as_ref().map(|then| (d, then))) {
                let counts = |file: &&str| !then.ignored.iter().any(|ignored| ignored.file == **file);
                let before = paths.len();
                let files = document.uncommitted.iter().map(String::as_str);
                paths.extend(files.filter(|file| is_revocation(file) == revokes).filter(counts));
                if paths.len() > before {
                    names.push(&document.name);
                }
            }
            if !paths.is_empty() {
                next::commit(self.root, &paths, &format!("{message} {}", names.join(", ")), ui);
                return true;
            }
        }
        false
    }

    /// How a document comes to be approved.
    fn mended(&self, document: &Document, documents: &[Document], ui: &mut Ui) {
        let lint = |document: &Document| self.command(&format!("lint {}", word(&document.path)));
        match document.state {
            // The linter looks at the work tree: of another revision the findings are shown here.
            State::Invalid | State::Unreadable if self.at.is_none() => self.say(&lint(document), ui),
            State::Revoked => self.say(&document.way_out(), ui),
            State::NotApproved if document.lint_errors.is_some_and(|errors| errors > 0) => {
                if self.at.is_none() {
                    self.say(&lint(document), ui);
                }
            }
            State::NotApproved if document.lacks_signers() => self.say(ADD_A_SIGNER, ui),
            State::NotApproved if document.moved_on => self.say(&self.since(&document.name), ui),
            State::NotApproved if document.expired_at.is_some() => {
                let expired = documents.iter().filter(|document| document.expired_at.is_some() && rank(document) < 3);
                let expired: Vec<&Document> = expired.take(NAMES).collect();
                self.say(&format!("renew: {}", self.approve(&expired)), ui);
            }
            State::NotApproved => self.say(&self.approve(&[document]), ui),
            State::Approved | State::Invalid | State::Unreadable | State::Undecided => {}
        }
    }

    /// The review of what has changed since a document was approved, of the revision that was asked about.
    pub(super) fn since(&self, name: &str) -> String {
        self.command(&format!("diff{} --since-approved {}", self.revision(" "), word(name)))
    }

    fn approve(&self, documents: &[&Document]) -> String {
        let names: Vec<String> = documents.iter().map(|document| word(&document.name)).collect();
        let commit = self.revision(" --commit ");
        self.command(&format!("approve {} --as PRINCIPAL --key FILE{commit}", names.join(" ")))
    }

    /// The revision behind these words, if one was asked about.
    fn revision(&self, before: &str) -> String {
        self.at.map(|at| format!("{before}{}", word(at))).unwrap_or_default()
    }

    /// A command of this program, on this registry.
    fn command(&self, rest: &str) -> String {
        let is_here = place::registry_root(None)
            .ok()
            .and_then(|found| Some(found.canonicalize().ok()? == self.root.canonicalize().ok()?));
        match is_here {
            Some(true) => format!("taskclass {rest}"),
            _ => format!("taskclass {rest} --registry {}", word(&self.root.display().to_string())),
        }
    }

    fn say(&self, text: &str, ui: &mut Ui) {
        ui.note(format!("{} {text}", ui.paint_err("Next:", Tone::Strong)));
    }
}

/// What is to be done first: the lower the sooner.
fn rank(document: &Document) -> u8 {
    match document.state {
        State::NotApproved if document.lint_errors.is_some_and(|errors| errors > 0) => 3,
        State::NotApproved if document.kind == taskclass_spec::written::DocumentKind::Policy => 0,
        State::NotApproved if document.moved_on || document.expired_at.is_some() => 1,
        State::NotApproved => 2,
        State::Invalid | State::Unreadable => 3,
        State::Revoked => 4,
        State::Undecided | State::Approved => 5,
    }
}
