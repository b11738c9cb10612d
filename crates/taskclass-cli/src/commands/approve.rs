//! `taskclass approve`: the review of a document, then a signed record over the content of a commit.

mod case;
mod shown;
mod terms;

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};
use taskclass_approval::{
    decide::Decision,
    write::{self, Approval, Draft},
};
use taskclass_diff::render::{self, Human};
use taskclass_spec::{Principal, signers::Namespace, written::ApprovalRecord};

use self::{case::Case, shown::Key, terms::Terms};
use crate::{
    args::{Approve, Format, Global},
    exit::{Exit, Failure, Outcome},
    filed::Filed,
    next,
    review::{self, HeldTo, Since},
    reviewed::Reviewed,
    signing::{Brought, Signer, Way},
    terminal,
    ui::{Tone, Ui},
    way,
};

pub(crate) fn approve(args: &Approve, global: &Global, ui: &mut Ui) -> Outcome {
    let now = Timestamp::now();
    let principal = args.principal.parse().map_err(Failure::usage)?;
    let reviewed = Reviewed::open(global.registry.as_deref(), &args.commit)?;
    let way = Way::choose(&reviewed, &principal, &args.signing, Namespace::Approval, now)?;
    let filed = Filed::read(&reviewed)?;
    let held = HeldTo::of(&args.held)?;
    let mut desk = Desk { reviewed, held, filed, principal, now, signed: Vec::new(), left: None };
    match way {
        Way::Printed => {
            let terms = Terms::of(args, desk.reviewed.policy.approvals.max_age)?;
            desk.print(one(args)?, &terms, global.registry.as_deref(), ui)
        }
        Way::Brought(brought) => desk.attach(one(args)?, &brought, ui),
        Way::Here(signer) => desk.sign(args, *signer, ui),
    }
}

/// The one document that is signed elsewhere: there is one file a record.
fn one(args: &Approve) -> Result<&str, Failure> {
    match args.names.as_slice() {
        [name] => Ok(name),
        _ => Err(Failure::usage("--print and --attach take one document at a time")),
    }
}

/// All that signing needs, whichever way it is done.
struct Desk {
    reviewed: Reviewed,
    /// What the review is held against.
    held: HeldTo,
    filed: Filed,
    principal: Principal,
    now: Timestamp,
    /// What was written.
    signed: Vec<Signed>,
    /// The exit code of what was left out.
    left: Option<Exit>,
}

/// One approval that was written.
struct Signed {
    name: String,
    version: Option<u32>,
    path: String,
    row: Value,
}

impl Desk {
    /// Review, question, signature: one document after the other.
    fn sign(&mut self, args: &Approve, mut signer: Signer, ui: &mut Ui) -> Outcome {
        let terms = Terms::of(args, self.reviewed.policy.approvals.max_age)?;
        if !args.yes && !terminal::is_there() {
            return Err(Failure::usage("approve asks before it signs, and there is no terminal to ask on")
                .help("read what would be signed with `taskclass diff --since-approved`, then say --yes"));
        }
        // What cannot be signed is known before the first question.
        let cases = if args.all { self.waiting(ui)? } else { self.named(&args.names)? };
        for case in &cases {
            let hindrance = case.hindrance(&self.reviewed, &self.filed, &signer.fingerprint(), self.now);
            if let Some(reason) = hindrance {
                let subject = &case.document.subject;
                return Err(
                    Failure::refused(format!("an approval of {subject} with this key would not count")).reason(reason)
                );
            }
        }
        let drafts: Vec<_> = cases.iter().map(|case| self.draft(case, &terms)).collect::<Result<_, _>>()?;
        for (case, (record, draft)) in cases.iter().zip(&drafts) {
            if let Err(failure) = self.one(case, record, draft, &mut signer, args.yes, ui) {
                // What was signed before it stays, and counts once it is committed.
                self.end(ui)?;
                return Err(failure);
            }
        }
        self.end(ui)
    }

    /// One document of several.
    fn one(
        &mut self,
        case: &Case,
        record: &ApprovalRecord,
        draft: &Draft,
        signer: &mut Signer,
        yes: bool,
        ui: &mut Ui,
    ) -> Result<(), Failure> {
        if !yes || !ui.quiet {
            let key = Key { shown: signer.shown(), until: signer.until(&self.reviewed) };
            self.show(case, record, Some(&key), ui)?;
        }
        if !yes && !terminal::confirm(&shown::question(case, &self.principal, self.now), ui)? {
            ui.tell(format!("{}: not signed", record.name));
            self.left = Some(Exit::Refused);
            return Ok(());
        }
        let signature =
            signer.sign(draft, ui).map_err(|failure| failure.help(format!("{}: not signed", record.name)))?;
        self.file(case, record, draft, &signature, ui)
    }

    /// The exact bytes, for a key elsewhere.
    fn print(&self, name: &str, terms: &Terms, registry: Option<&Path>, ui: &mut Ui) -> Outcome {
        let case = self.case(name)?;
        let (record, draft) = self.draft(&case, terms)?;
        if !ui.quiet {
            self.show(&case, &record, None, ui)?;
        }
        ui.raw(&draft.bytes);
        ui.flush();
        let file = format!("{name}.json");
        // Whatever is committed meanwhile, and wherever it is pasted: the same content of the same registry.
        let registry = registry.map(|root| format!(" --registry {}", way::word(&root.display().to_string())));
        let commit = self.reviewed.commit.as_str().get(..12).unwrap_or_default();
        ui.note(format!(
            "\nThe record is on standard output, to the byte: keep it as {file} (… --print > {file}). Then, where the key is:\n  \
             {}\nand back here:\n  taskclass approve {name} --as {}{} --commit {commit} --attach {file}.sig",
            draft.command(&file),
            way::word(self.principal.as_str()),
            registry.unwrap_or_default(),
        ));
        Ok(Exit::Fine)
    }

    /// A record that was printed, and its signature.
    fn attach(&mut self, name: &str, brought: &Brought, ui: &mut Ui) -> Outcome {
        let (record, draft) = brought.draft(write::printed_approval)?;
        if record.name != name || record.principal != self.principal {
            return Err(Failure::refused(format!(
                "that record is {}'s approval of {}, not {}'s of {name}",
                record.principal, record.name, self.principal
            )));
        }
        let case = self.case(name)?;
        self.lasts(&case, &record)?;
        self.file(&case, &record, &draft, &brought.signature, ui)?;
        self.end(ui)
    }

    /// The documents that were named, each once.
    fn named(&self, names: &[String]) -> Result<Vec<Case>, Failure> {
        let mut unique: Vec<&String> = Vec::new();
        for name in names {
            if !unique.contains(&name) {
                unique.push(name);
            }
        }
        unique.into_iter().map(|name| self.case(name)).collect()
    }

    /// The documents that wait for this signer. What cannot be signed is told and left out.
    fn waiting(&mut self, ui: &mut Ui) -> Result<Vec<Case>, Failure> {
        let mut cases = Vec::new();
        for name in self.reviewed.names() {
            match Case::open(&self.reviewed, &self.filed, name, self.now) {
                Ok(case) if !case.waits_for(&self.principal, &self.reviewed.policy, self.now) => {
                    ui.detail(format!("{name}: does not wait for {}", self.principal));
                }
                Ok(case) if case.is_by(&self.principal) => {
                    ui.note(format!("{name}: left out, its last change is your own; somebody else has to approve it"));
                }
                Ok(case) => cases.push(case),
                Err(failure) => {
                    ui.note(format!("{name}: left out"));
                    ui.failure(&failure);
                    self.left = Some(failure.exit);
                }
            }
        }
        if cases.is_empty() {
            ui.note(format!("nothing waits for an approval by {}", self.principal));
        }
        Ok(cases)
    }

    /// A document that this signer can approve.
    fn case(&self, name: &str) -> Result<Case, Failure> {
        let case = Case::open(&self.reviewed, &self.filed, name, self.now)?;
        if case.is_by(&self.principal) {
            return Err(Failure::refused(format!(
                "{} made the last change of {name}, so this approval would not count",
                self.principal
            ))
            .help("somebody else has to approve it"));
        }
        Ok(case)
    }

    fn draft(&self, case: &Case, terms: &Terms) -> Result<(ApprovalRecord, Draft), Failure> {
        let draft = write::approval(&Approval {
            registry: &self.reviewed.policy.registry,
            subject: &case.document.subject,
            principal: &self.principal,
            reviewed_commit: &self.reviewed.commit,
            approved_at: self.now,
            lasts: terms.lasts,
            note: &terms.note,
        })
        .map_err(Failure::usage)?;
        let (record, draft) = write::printed_approval(&draft.bytes).map_err(Failure::usage)?;
        self.lasts(case, &record)?;
        Ok((record, draft))
    }

    /// An approval takes the place of the signer's own: it must not cut that short.
    fn lasts(&self, case: &Case, record: &ApprovalRecord) -> Result<(), Failure> {
        let Some(own) = case.own(&self.principal).filter(|own| own.expires_at > record.expires_at) else {
            return Ok(());
        };
        Err(Failure::refused(format!(
            "you approve {} until {} already; this approval would end sooner, and take its place",
            case.document.subject, own.expires_at
        ))
        .help("nothing needs to be done; `taskclass revoke` takes an approval back"))
    }

    /// The review of the change, then what is about to be signed.
    fn show(&self, case: &Case, record: &ApprovalRecord, key: Option<&Key>, ui: &mut Ui) -> Result<(), Failure> {
        let Since { diff, note, .. } = review::for_signing(&self.reviewed, &record.name, &self.held, self.now)?;
        ui.tell(render::review(&diff, Human { colour: ui.color_err, width: ui.width }).trim_end());
        ui.tell("");
        let is_new = |document: &taskclass_diff::Document| document.name == record.name && document.before.is_none();
        if diff.documents.iter().any(is_new) {
            let (git, path) = (next::git(&self.reviewed.root), case.document.path.as_str());
            let commit = self.reviewed.commit.as_str().get(..12).unwrap_or_default();
            shown::note("nothing is approved to hold it against, so all of it is new to you:", ui);
            ui.tell(format!("  {git} show {commit}:./{path}"));
        }
        if let Some(note) = note {
            shown::note(&note, ui);
        }
        if case.document.changed_since {
            let commit = &self.reviewed.commit;
            shown::note(&format!("the work tree differs from {commit}; what is approved is the commit's content"), ui);
        }
        shown::record(case, record, key, &diff, self.now, ui);
        Ok(())
    }

    /// Writes a signed record that counts, and tells how its document stands with it.
    fn file(
        &mut self,
        case: &Case,
        record: &ApprovalRecord,
        draft: &Draft,
        signature: &str,
        ui: &mut Ui,
    ) -> Result<(), Failure> {
        // Time has gone by over the question.
        let now = Timestamp::now();
        let after = case.with(&self.reviewed, &self.filed, draft, signature, now)?;
        self.filed.write(draft, signature)?;
        if ui.format != Format::Json {
            for path in [draft.path.clone(), draft.signature_path()] {
                ui.line(format!("{} {path}", ui.paint("wrote", Tone::Dim)));
            }
        }
        let others = case.others(&self.reviewed, &self.filed, &after, now);
        ui.note(shown::standing(case, &after, &others, ui));
        self.signed.push(Signed {
            name: record.name.clone(),
            version: record.version,
            path: draft.path.clone(),
            row: row(record, draft, &after),
        });
        Ok(())
    }

    /// The next step, and the exit code.
    fn end(&self, ui: &mut Ui) -> Outcome {
        if ui.format == Format::Json {
            let rows: Vec<&Value> = self.signed.iter().map(|signed| &signed.row).collect();
            ui.json(&json!({ "signed": rows }))?;
        }
        if !self.signed.is_empty() {
            let named = |signed: &Signed| match signed.version {
                Some(version) => format!("{} {version}", signed.name),
                None => signed.name.clone(),
            };
            let names: Vec<String> = self.signed.iter().map(named).collect();
            let paths: Vec<&str> = self.signed.iter().map(|signed| signed.path.as_str()).collect();
            next::commit(&self.reviewed.root, &paths, &format!("Approve {}", names.join(", ")), ui);
        }
        Ok(self.left.unwrap_or(Exit::Fine))
    }
}

/// One approval, for programs.
fn row(record: &ApprovalRecord, draft: &Draft, after: &Decision) -> Value {
    json!({
        "name": record.name,
        "kind": record.kind,
        "digest": record.digest,
        "expires_at": record.expires_at,
        "break_glass": record.is_break_glass(),
        "record": draft.path,
        "signature": draft.signature_path(),
        "approved": after.is_approved(),
        "quorum": after.needed(),
        "approvals": after.by(),
    })
}
