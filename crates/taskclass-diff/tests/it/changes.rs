//! Realistic changes of a small registry, and what each format says of them.

mod cases;
mod comment;
mod hostile;
mod page;
mod program;
mod standing;
mod world;

use taskclass_diff::render::{Human, human, json, markdown};

use self::cases::cases;

#[test]
fn every_change_as_each_format_shows_it() {
    for case in cases() {
        let diff = case.diff();
        let page = human(&diff, Human { colour: false, width: 100 });
        insta::assert_snapshot!(format!("{}.human", case.name), page, case.what);
        insta::assert_snapshot!(format!("{}.json", case.name), json(&diff), case.what);
        insta::assert_snapshot!(format!("{}.markdown", case.name), markdown(&diff), case.what);
    }
}

#[test]
fn several_documents_on_narrow_and_wide_terminals_and_in_colour() {
    let cases = cases();
    let case = cases.iter().find(|case| case.name == "several-at-once").unwrap();
    let page = |colour, width| human(&case.diff(), Human { colour, width });
    insta::assert_snapshot!("several-at-once.human-60", page(false, 60));
    insta::assert_snapshot!("several-at-once.human-160", page(false, 160));
    insta::assert_snapshot!("several-at-once.human-colour", page(true, 80).replace('\u{1b}', "\u{241b}"));
}

#[test]
fn a_new_class_on_a_narrow_terminal_and_what_differs_within_a_line_in_colour() {
    let page = |name: &str, colour, width| {
        let case = cases().into_iter().find(|case| case.name == name).unwrap();
        human(&case.diff(), Human { colour, width }).replace('\u{1b}', "\u{241b}")
    };
    insta::assert_snapshot!("class-added.human-60", page("class-added", false, 60));
    insta::assert_snapshot!("partial-changed.human-colour", page("partial-changed", true, 80));
}
