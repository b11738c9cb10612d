//! `taskclass explain`: the page of a rule, of a field or of a format's fields.

use serde_json::json;
use taskclass_lint::{
    Rule, explain,
    rules::{self, catalogue},
};
use taskclass_spec::{
    SchemaKind,
    fields::{self, Field},
    suggest,
};

use crate::{
    args::{Explain, Format},
    exit::{Exit, Failure, Outcome},
    ui::Ui,
};

pub(crate) fn explain(args: &Explain, ui: &mut Ui) -> Outcome {
    let rule = rules::find(&args.subject);
    let fields = fields::find(&args.subject);
    let format = SchemaKind::ALL.into_iter().find(|kind| args.subject == kind.name() || args.subject == kind.id());
    if rule.is_none() && fields.is_empty() && format.is_none() {
        return Err(unknown(&args.subject));
    }
    if ui.format == Format::Json {
        ui.json(&as_json(rule, &fields, format))?;
        return Ok(Exit::Fine);
    }
    let mut pages: Vec<String> = rule.map(|rule| explain::explain(rule, ui.width)).into_iter().collect();
    pages.extend(by_path(&fields).iter().map(|forms| explain::field(forms, ui.width)));
    pages.extend(format.map(|kind| explain::format_fields(kind, ui.width)));
    ui.raw(pages.join("\n"));
    if format.is_some() || fields.iter().any(|field| field.inner().next().is_some()) {
        ui.note("\n`taskclass explain PATH` describes one of them, such as `taskclass explain limits.timeouts`");
    }
    Ok(Exit::Fine)
}

/// The forms of each field together.
fn by_path<'f>(fields: &[&'f Field]) -> Vec<Vec<&'f Field>> {
    let mut groups: Vec<Vec<&Field>> = Vec::new();
    for field in fields {
        match groups.iter_mut().find(|group| group[0].document == field.document && group[0].path == field.path) {
            Some(group) => group.push(field),
            None => groups.push(vec![field]),
        }
    }
    groups
}

fn as_json(rule: Option<&Rule>, fields: &[&'static Field], format: Option<SchemaKind>) -> serde_json::Value {
    if let Some(rule) = rule {
        let about: Vec<&Field> = explain::fields_of(rule).to_vec();
        let about: Vec<_> =
            about.iter().map(|field| json!({ "document": field.document.name(), "path": field.path })).collect();
        return json!({ "name": rule.name, "family": rule.family, "level": rule.level, "docs": rule.docs(), "fields": about });
    }
    let all: Vec<&Field> = fields.iter().copied().chain(format.into_iter().flat_map(fields::all)).collect();
    let with_rules = |field: &&Field| {
        let rules: Vec<_> = explain::rules_about(field).iter().map(|rule| rule.name).collect();
        json!({ "field": field, "rules": rules })
    };
    json!({ "schema": "fields/v1", "fields": all.iter().map(with_rules).collect::<Vec<_>>() })
}

fn unknown(asked: &str) -> Failure {
    let paths = || SchemaKind::ALL.into_iter().flat_map(fields::all).map(|field| field.path.as_str());
    let names = catalogue().iter().map(|rule| rule.name).chain(paths());
    let failure = Failure::usage(format!("there is no rule and no field `{asked}`"));
    if let Some(near) = suggest::closest(asked, names) {
        return failure.help(format!("did you mean `{near}`?"));
    }
    // A field by its last name only.
    let mut homes: Vec<&str> = paths().filter(|path| path.rsplit('.').next() == Some(asked)).collect();
    homes.dedup();
    match homes.is_empty() {
        true => failure.help("`taskclass rules` lists the rules, `taskclass explain task-class` the fields of a class"),
        false => failure.help(format!("there is `{}`", homes.join("`, `"))),
    }
}
