//! `taskclass explain`: one rule's page.

use serde_json::json;
use taskclass_lint::{explain, rules::catalogue};
use taskclass_spec::suggest;

use crate::{
    args::{Explain, Format},
    exit::{Exit, Failure, Outcome},
    ui::Ui,
};

pub(crate) fn explain(args: &Explain, ui: &mut Ui) -> Outcome {
    let Some(rule) = catalogue().iter().find(|rule| rule.name == args.rule) else {
        let near = suggest::closest(&args.rule, catalogue().iter().map(|rule| rule.name));
        let help = near.map_or("`taskclass rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
        return Err(Failure::usage(format!("there is no rule `{}`", args.rule)).help(help));
    };
    if ui.format == Format::Json {
        ui.json(&json!({ "name": rule.name, "family": rule.family, "level": rule.level, "docs": rule.docs() }))?;
    } else {
        ui.raw(explain::explain(rule, ui.width));
    }
    Ok(Exit::Fine)
}
