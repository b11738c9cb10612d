//! `stale-catalogue`: a model catalogue that has not been looked at for long.

use taskclass_spec::catalogue::built_in;

use crate::context::{Document, RegistryContext};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A model catalogue that has not been looked at for long.
    ///
    /// ## What it does
    /// Reports a registry's own `models.yaml` whose `as_of` is more than 180 days ago, or older than the built-in catalogue.
    ///
    /// ## Why it matters
    /// GitHub retires models every few months. An old catalogue calls models sound that no longer answer.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: models.yaml
    /// schema: models/v1
    /// as_of: "2026-03-01"
    ///        ^^^^^^^^^^^^
    /// models:
    ///   - {id: gpt-5.3-codex, display: GPT-5.3-Codex, status: available}
    ///   - {id: claude-sonnet-4.6, display: Claude Sonnet 4.6, status: available}
    ///   - {id: claude-opus-4.6, display: Claude Opus 4.6, status: available}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: models.yaml
    /// schema: models/v1
    /// as_of: "2026-11-20"
    /// models:
    ///   - {id: gpt-5.3-codex, display: GPT-5.3-Codex, status: available}
    ///   - {id: claude-sonnet-4.6, display: Claude Sonnet 4.6, status: available}
    ///   - {id: claude-opus-4.6, display: Claude Opus 4.6, status: available}
    /// ```
    name: "stale-catalogue", family: Model, level: Warning, hold: Free, check: Registry(check)
}

const DAYS: i32 = 180;

fn check(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    let Some(own) = &cx.surroundings.own_catalogue else { return };
    let Some(as_of) = own.written.as_ref().map(|catalogue| catalogue.as_of) else { return };
    let old = as_of.until(cx.today).is_ok_and(|age| age.get_days() > DAYS);
    let newer = built_in().as_of;
    if old || as_of < newer {
        let message = format!("this catalogue is of {as_of}");
        sink.report(Document::of(own).at("as_of").value(""), message, |finding| {
            let finding =
                finding.with_help("look the models up again, or delete the file to use the built-in catalogue");
            if as_of < newer { finding.with_note(format!("the built-in catalogue is of {newer}")) } else { finding }
        });
    }
}
