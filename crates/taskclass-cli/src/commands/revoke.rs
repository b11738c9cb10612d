//! `taskclass revoke`: a signed record that withdraws approvals.

mod consequences;
mod target;

use jiff::Timestamp;
use serde_json::json;
use taskclass_approval::{
    decide::revocation_holds,
    write::{self, Draft, Revocation},
};
use taskclass_source::text::visible;
use taskclass_spec::{
    Principal,
    signers::Namespace,
    written::{RevocationRecord, Revoked},
};

use self::target::Target;
use crate::{
    args::{Format, Global, Revoke},
    exit::{Exit, Failure, Outcome},
    filed::{Filed, file_of},
    next,
    reviewed::Reviewed,
    signing::Way,
    terminal,
    ui::{Tone, Ui},
};

pub(crate) fn revoke(args: &Revoke, global: &Global, ui: &mut Ui) -> Outcome {
    let now = Timestamp::now();
    let principal: Principal = args.principal.parse().map_err(Failure::usage)?;
    let reviewed = Reviewed::open(global.registry.as_deref(), "HEAD")?;
    let way = Way::choose(&reviewed, &principal, &args.signing, Namespace::Revocation, now)?;
    let filed = Filed::read(&reviewed)?;
    let desk = Desk { reviewed, filed, now };
    match way {
        Way::Printed => {
            let (record, draft) = desk.draft(args, &principal)?;
            desk.show(&record, None, ui)?;
            ui.raw(&draft.bytes);
            ui.flush();
            let file = "revocation.json";
            ui.note(format!(
                "\nThe record is on standard output, to the byte: keep it as {file} (… --print > {file}). Then, where the key is:\n  \
                 {}\nand back here the same command, with --attach {file}.sig in the place of --print and --reason",
                draft.command(file)
            ));
            Ok(Exit::Fine)
        }
        Way::Brought(brought) => {
            let (record, draft) = brought.draft(write::printed_revocation)?;
            let target = Target::of(&desk.reviewed, &desk.filed, args)?;
            if record.principal != principal
                || !target.is_of(&record)
                || record.registry != desk.reviewed.policy.registry
            {
                return Err(Failure::refused(format!(
                    "that record is {}'s and withdraws {}; the command line says something else",
                    record.principal,
                    target::words(&record)
                )));
            }
            desk.show(&record, None, ui)?;
            desk.file(&record, &draft, &brought.signature, ui)
        }
        Way::Here(mut signer) => {
            let (record, draft) = desk.draft(args, &principal)?;
            if !args.yes && !terminal::is_there() {
                return Err(Failure::usage("revoke asks before it signs, and there is no terminal to ask on")
                    .help("say --yes once you have read what stops being approved: `taskclass verify` lists who approves what"));
            }
            if !args.yes || !ui.quiet {
                desk.show(&record, Some(&signer.shown()), ui)?;
            }
            if !args.yes && !terminal::confirm("Sign?", ui)? {
                ui.tell("nothing was signed");
                return Ok(Exit::Refused);
            }
            let signature = signer.sign(&draft, ui).map_err(|failure| failure.help("nothing was signed"))?;
            desk.file(&record, &draft, &signature, ui)
        }
    }
}

struct Desk {
    reviewed: Reviewed,
    filed: Filed,
    now: Timestamp,
}

impl Desk {
    fn draft(&self, args: &Revoke, principal: &Principal) -> Result<(RevocationRecord, Draft), Failure> {
        let Target { kind, name, revokes } = Target::of(&self.reviewed, &self.filed, args)?;
        let draft = write::revocation(&Revocation {
            registry: &self.reviewed.policy.registry,
            kind,
            name: &name,
            revokes,
            principal,
            revoked_at: self.now,
            reason: args.reason.as_deref().unwrap_or_default(),
        })
        .map_err(Failure::usage)?;
        self.is_new(&draft, None)?;
        write::printed_revocation(&draft.bytes).map_err(Failure::usage)
    }

    /// One that stands must stay as it is, in its time and its reason as well: an executor that has seen it refuses any other in
    /// its place. The same bytes change nothing.
    fn is_new(&self, draft: &Draft, signature: Option<&str>) -> Result<(), Failure> {
        if self.filed.holds_other(draft, signature) {
            return Err(Failure::refused(format!("you have revoked that already: {}", draft.path))
                .help("it stands as it is; nothing was written"));
        }
        Ok(())
    }

    /// What is about to be signed, and what it does.
    fn show(&self, record: &RevocationRecord, key: Option<&str>, ui: &mut Ui) -> Result<(), Failure> {
        let mut rows = vec![("revokes", target::words(record))];
        rows.push(("principal", record.principal.to_string()));
        rows.extend(key.map(|key| ("key", visible(key).into_owned())));
        rows.push(("reason", visible(&record.reason).into_owned()));
        ui.tell(ui.paint_err("To be signed", Tone::Strong));
        for (name, value) in rows {
            let name = ui.paint_err(format!("{name:<11}"), Tone::Dim);
            ui.tell_led(&format!("  {name}  "), &value);
        }
        ui.tell("");
        consequences::tell(&consequences::of(&self.reviewed, record, self.now)?, record, ui);
        Ok(())
    }

    fn file(&self, record: &RevocationRecord, draft: &Draft, signature: &str, ui: &mut Ui) -> Outcome {
        self.is_new(draft, Some(signature))?;
        revocation_holds(&self.reviewed.signers, &file_of(draft, signature)).map_err(|reason| {
            Failure::refused("this revocation could not be checked by anybody")
                .reason(reason)
                .help("nothing was written")
        })?;
        self.filed.write(draft, signature)?;
        let (path, beside) = (&draft.path, draft.signature_path());
        if ui.format == Format::Json {
            let consequences = consequences::of(&self.reviewed, record, self.now)?;
            ui.json(&json!({
                "revokes": record.revokes,
                "name": record.name,
                "kind": record.kind,
                "record": path,
                "signature": beside,
                "consequences": consequences,
            }))?;
        } else {
            for path in [path, &beside] {
                ui.line(format!("{} {path}", ui.paint("wrote", Tone::Dim)));
            }
        }
        let what = match &record.revokes {
            Revoked::Key(key) => key.as_str(),
            Revoked::Digest(_) | Revoked::All => record.name.as_str(),
        };
        next::commit(&self.reviewed.root, &[draft.path.as_str()], &format!("Revoke {what}"), ui);
        Ok(Exit::Fine)
    }
}
