//! `taskclass revoke`: a signed record that withdraws approvals.

use jiff::Timestamp;
use taskclass_approval::write::{self, Revocation};
use taskclass_spec::written::{DocumentKind, Revoked};

use crate::{
    args::{Global, Revoke},
    exit::{Exit, Failure, Outcome},
    reviewed::Reviewed,
    signing,
    ui::{Tone, Ui},
};

pub(crate) fn revoke(args: &Revoke, global: &Global, ui: &mut Ui) -> Outcome {
    let principal = args.principal.parse().map_err(Failure::usage)?;
    let reviewed = Reviewed::open(global.registry.as_deref(), "HEAD")?;
    let kind = if args.name == "policy" { DocumentKind::Policy } else { DocumentKind::TaskClass };
    let revokes = match &args.signed_by {
        Some(key) => Revoked::Key(key.clone()),
        None if args.all => Revoked::All,
        None => Revoked::Digest(reviewed.document(&args.name)?.subject.digest),
    };
    let signer = signing::Signer::choose(&reviewed, &principal, &args.signing)?;
    let draft = write::revocation(&Revocation {
        registry: &reviewed.policy.registry,
        kind,
        name: &args.name,
        revokes,
        principal: &principal,
        revoked_at: Timestamp::now(),
        reason: &args.reason,
    })
    .map_err(Failure::usage)?;
    ui.note(format!("{} of {principal} about {}", ui.paint_err("revocation", Tone::Strong), args.name));
    signer.sign(&draft, &reviewed.root, ui)?;
    Ok(Exit::Fine)
}
