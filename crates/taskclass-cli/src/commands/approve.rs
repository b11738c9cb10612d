//! `taskclass approve`: a signed record over the content of a commit.

use jiff::Timestamp;
use taskclass_approval::write::{self, Approval};
use taskclass_spec::Duration;

use crate::{
    args::{Approve, Global},
    exit::{Exit, Failure, Outcome},
    reviewed::Reviewed,
    signing,
    ui::{Tone, Ui},
};

pub(crate) fn approve(args: &Approve, global: &Global, ui: &mut Ui) -> Outcome {
    let principal = args.principal.parse().map_err(Failure::usage)?;
    let reviewed = Reviewed::open(global.registry.as_deref(), &args.commit)?;
    let document = reviewed.document(&args.name)?;
    let signer = signing::Signer::choose(&reviewed, &principal, &args.signing)?;
    if reviewed.authors(&document)?.iter().any(|author| author.eq_ignore_ascii_case(principal.as_str())) {
        return Err(Failure::refused(format!(
            "{principal} made the last change of {}, so this approval would not count",
            document.subject.name
        ))
        .help("somebody else has to approve it"));
    }
    let max_age = reviewed.policy.approvals.max_age;
    let lasts: Duration = match &args.expires_in {
        Some(text) => text.parse().map_err(Failure::usage)?,
        None => max_age,
    };
    if lasts > max_age || lasts.seconds() == 0 {
        return Err(Failure::refused(format!(
            "an approval may count for at most {max_age} (policy `approvals.max_age`), not for {lasts}"
        )));
    }
    let draft = write::approval(&Approval {
        registry: &reviewed.policy.registry,
        subject: &document.subject,
        principal: &principal,
        reviewed_commit: &reviewed.commit,
        approved_at: Timestamp::now(),
        lasts,
        note: &args.note,
    })
    .map_err(Failure::usage)?;
    if document.changed_since {
        ui.note(format!(
            "{}: the work tree differs from {}; what is approved is the commit's content",
            ui.paint_err("note", Tone::Attention),
            reviewed.commit
        ));
    }
    ui.note(format!(
        "{} of {principal} over {}, for {lasts}",
        ui.paint_err("approval", Tone::Strong),
        document.subject
    ));
    signer.sign(&draft, &reviewed.root, ui)?;
    Ok(Exit::Fine)
}
