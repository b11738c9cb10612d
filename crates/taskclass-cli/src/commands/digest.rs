//! `taskclass digest`: the digest of documents in the work tree, and what went into it.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;
use taskclass_spec::{Registry, digest::DocumentDigest, model::TaskClass};

use crate::{
    args::{DigestArgs, Format, Global},
    exit::{Exit, Failure, Outcome},
    place,
    registry::{class_named, policy_of},
    ui::{Tone, Ui},
};

#[derive(Serialize)]
struct Row {
    name: String,
    version: Option<u32>,
    digest: String,
    files: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical: Option<String>,
}

impl Row {
    fn new(name: &str, version: Option<u32>, digest: &DocumentDigest, explain: bool) -> Self {
        Self {
            name: name.to_owned(),
            version,
            digest: digest.digest.to_string(),
            files: digest.files.iter().map(|(path, digest)| (path.clone(), digest.to_string())).collect(),
            canonical: explain.then(|| String::from_utf8_lossy(&digest.canonical).into_owned()),
        }
    }
}

pub(crate) fn digest(args: &DigestArgs, global: &Global, ui: &mut Ui) -> Outcome {
    let files = place::work_tree(global.registry.as_deref())?;
    let registry = Registry::load(&files).map_err(Failure::usage)?;
    let policy = policy_of(&registry.surroundings)?;
    let mut rows = Vec::new();
    if args.name.as_deref().is_none_or(|name| name == "policy") {
        let digest = registry
            .surroundings
            .policy_digest()
            .map_err(|findings| Failure::usage("the policy has no digest").findings(findings))?;
        rows.push(Row::new("policy", None, &digest, args.explain));
    }
    let mut classes = Vec::new();
    match args.name.as_deref() {
        Some("policy") => {}
        Some(name) => classes.push(class_named(&registry, name)?),
        None => classes.extend(&registry.classes),
    }
    for loaded in classes {
        let class = TaskClass::build(loaded, &Arc::clone(&policy), &files).map_err(|findings| {
            Failure::new(Exit::Findings, format!("{} has errors, and so no digest", loaded.path.as_str()))
                .findings(findings)
        })?;
        rows.push(Row::new(class.name().as_str(), Some(class.version()), class.digest(), args.explain));
    }
    if ui.format == Format::Json {
        ui.json(&rows)?;
        return Ok(Exit::Fine);
    }
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    for row in &rows {
        let version = row.version.map_or("-".to_owned(), |version| version.to_string());
        ui.line(format!("{:width$}  {version:>3}  {}", row.name, row.digest));
        if let Some(canonical) = &row.canonical {
            for (path, digest) in &row.files {
                ui.line(format!("  {digest}  {path}"));
            }
            ui.line(format!(
                "  {}",
                ui.paint("= sha256 of \"taskclass/v1\", a line feed, and these bytes:", Tone::Dim)
            ));
            ui.line(format!("  {canonical}"));
        }
    }
    Ok(Exit::Fine)
}
