//! What fails: the changes that `--fail-on` names, unless those whom the base trusts have approved what comes of them.

use taskclass_diff::{Diff, Document, Effect, Kind, Version};
use taskclass_source::text::visible;

use crate::args::FailOnEffect;

/// What must not pass.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gate<'a> {
    pub(crate) fail_on: FailOnEffect,
    pub(crate) unless_approved: bool,
    /// Why no approval excuses anything.
    pub(crate) no_excuse: Option<&'a str>,
}

/// What became of the documents at the gate, a line each.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) failing: Vec<String>,
    pub(crate) excused: Vec<String>,
}

impl Gate<'_> {
    /// Judges every document.
    pub(crate) fn judge(&self, diff: &Diff) -> Verdict {
        let mut verdict = Verdict::default();
        for document in diff.documents.iter().filter(|document| self.names(document.effect())) {
            let what = format!("{} {}", visible(&document.name), says(document));
            match self.excuse(document) {
                Ok(by) => verdict.excused.push(format!("{what}, approved by {by}")),
                Err(None) => verdict.failing.push(what),
                Err(Some(why)) => verdict.failing.push(format!("{what}; {why}")),
            }
        }
        verdict
    }

    fn names(&self, effect: Effect) -> bool {
        match self.fail_on {
            FailOnEffect::Widens => effect.is_widening(),
            FailOnEffect::Rewrites => effect >= Effect::Rewrites,
            FailOnEffect::Any => true,
        }
    }

    /// Who approved the content after, or why it does not count.
    fn excuse(&self, document: &Document) -> Result<String, Option<String>> {
        if !self.unless_approved {
            return Err(None);
        }
        let no = |why: &str| Err(Some(why.to_owned()));
        if document.kind == Kind::Trust {
            return no("no approval covers who may approve");
        }
        if !document.unreadable.is_empty() {
            return no("what cannot be read cannot be approved");
        }
        if let Some(why) = self.no_excuse {
            return no(why);
        }
        let Some(approval) = &document.approval else { return no("nothing is left that could be approved") };
        let Some(standing) = &approval.standing else { return no("how it stands is not known") };
        let (by, needed) = (standing.by.len(), approval.needed.max(standing.needed));
        let too_few = u32::try_from(by).is_ok_and(|by| by < needed);
        if too_few {
            return Err(Some(format!("{by} of {needed} approvals{}", risk_was(document))));
        }
        if !standing.approved {
            return no("its approvals are revoked");
        }
        Ok(standing.by.iter().map(|by| signed_by(by.principal.as_str(), by.break_glass)).collect::<Vec<_>>().join(", "))
    }
}

/// That the document was riskier before, which takes as many to undo.
fn risk_was(document: &Document) -> String {
    let risk = |version: &Option<Version>| version.as_ref().and_then(|version| version.risk);
    match (risk(&document.before), risk(&document.after)) {
        (Some(before), Some(after)) if before > after => format!(": the risk was {} before", before.word()),
        _ => String::new(),
    }
}

/// Who approved, and whether as break-glass.
pub(super) fn signed_by(principal: &str, break_glass: bool) -> String {
    if break_glass { format!("{principal} (break-glass)") } else { principal.to_owned() }
}

fn says(document: &Document) -> &'static str {
    match document.effect() {
        _ if !document.unreadable.is_empty() => "cannot be read",
        Effect::Neutral => "differs",
        effect => effect.word(),
    }
}
