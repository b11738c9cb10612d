//! What every format keeps, whatever the review says.

use proptest::prelude::*;
use serde_json::Value;
use taskclass_diff::Diff;
use taskclass_diff::render::{Human, human, json, markdown, schema};
use taskclass_source::text::is_hidden;

use super::cases;
use super::world::{Pair, pair};

/// GitHub takes no longer comment.
const MAX_COMMENT: usize = 65_536;

fn shows_all(text: &str) -> Result<(), TestCaseError> {
    let hidden = text.chars().find(|c| is_hidden(*c) && *c != '\n');
    prop_assert!(hidden.is_none(), "{hidden:?} in {text}");
    Ok(())
}

fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        plain + rest.strip_prefix('m').unwrap_or(part)
    })
}

/// The lines that are not source in a fence.
fn outside_code(comment: &str) -> String {
    let mut fence: Option<&str> = None;
    let mut around = String::new();
    for line in comment.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => around.extend([line, "\n"]),
        }
    }
    around
}

/// All that must hold of a review's three formats.
fn hold(diff: &Diff) -> Result<(), TestCaseError> {
    let plain = human(diff, Human { colour: false, width: 100 });
    shows_all(&plain)?;
    shows_all(&human(diff, Human { colour: false, width: 20 }))?;
    shows_all(&human(diff, Human { colour: false, width: 400 }))?;
    let coloured = without_colours(&human(diff, Human { colour: true, width: 100 }));
    shows_all(&coloured)?;
    let trimmed = |text: &str| text.lines().map(|line| format!("{}\n", line.trim_end())).collect::<String>();
    prop_assert_eq!(trimmed(&coloured), trimmed(&plain), "colours change the words");
    let comment = markdown(diff);
    prop_assert!(comment.chars().count() <= MAX_COMMENT, "{} characters", comment.len());
    shows_all(&comment)?;
    let around = outside_code(&comment);
    prop_assert_eq!(around.matches("<details>").count(), around.matches("</details>").count(), "{}", comment);
    // In code nobody is mentioned.
    let mentions = |text: &str| {
        text.split("<code>").any(|part| part.split_once("</code>").map_or(part, |(_, rest)| rest).contains("@acme"))
    };
    prop_assert!(!mentions(&around) && !around.contains("<b>bold"), "{}", comment);
    let value: Value = serde_json::from_str(&json(diff)).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let shown = value["documents"].as_array().map_or(0, Vec::len);
    prop_assert_eq!(shown, diff.documents.len());
    let validator = jsonschema::validator_for(&schema()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let departures: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    prop_assert!(departures.is_empty(), "{departures:#?}");
    for document in &diff.documents {
        prop_assert!(plain.contains(&document.name), "{} is not shown", document.name);
        prop_assert!(comment.contains(&document.name), "{} is not in the comment", document.name);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn the_formats_keep_their_bounds(pair in pair()) {
        hold(&pair.diff())?;
    }

    /// All is new, then all is gone.
    #[test]
    fn the_formats_keep_their_bounds_of_what_is_new_and_gone(pair in pair()) {
        let mut nothing = pair.before.clone();
        nothing.classes.clear();
        hold(&Pair { before: nothing.clone(), after: pair.before.clone() }.diff())?;
        hold(&Pair { before: pair.before.clone(), after: nothing }.diff())?;
    }
}
