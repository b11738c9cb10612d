//! `model-out-of-proportion`: one of the dearest models for small work of low risk.

use taskclass_spec::written::{Price, Risk};

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// One of the dearest models for small work of low risk.
    ///
    /// ## What it does
    /// Reports a default model of the highest price class where the risk is low and a result has at most 20 files.
    ///
    /// ## Why it matters
    /// Small work runs often. A cheaper model that does it as well pays for the work that needs more.
    ///
    /// ## Bad
    /// ```yaml
    /// model: {default: claude-opus-4.6}
    ///                  ^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// model: {default: gpt-5.3-codex}
    /// ```
    name: "model-out-of-proportion", family: Model, level: Warning, hold: Free, check: Class(check)
}

const SMALL: u32 = 20;

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(model), Some(Risk::Low), Some(validation)) = (cx.class.model, cx.class.risk, cx.class.validation) else {
        return;
    };
    let dear = cx.shared.catalogue().model(&model.default).is_some_and(|known| known.price == Some(Price::High));
    if let Some(files) = validation.max_files.filter(|files| dear && *files <= SMALL) {
        let message =
            format!("`{}` is among the dearest models, for low risk and at most {files} files", model.default);
        sink.report(cx.at("model.default").value(""), message, |finding| {
            finding
                .with_label(cx.at("risk").value(""))
                .with_label(cx.at("validation.max_files").value(""))
                .with_help("try a cheaper model as the default, and keep this one under `allowed`")
        });
    }
}
