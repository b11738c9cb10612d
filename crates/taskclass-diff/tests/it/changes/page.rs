//! What a person reads at a terminal.

use taskclass_diff::{
    Cause, Effect,
    render::{Human, human},
};
use taskclass_source::text::{display_width, is_hidden};

use super::cases::cases;

#[test]
fn nothing_hides_and_no_line_is_wider_than_the_terminal() {
    for case in cases() {
        let diff = case.diff();
        for width in [30, 60, 80, 100, 160] {
            let page = human(&diff, Human { colour: false, width });
            for line in page.lines() {
                assert!(!line.contains(is_hidden), "{}: {}", case.name, line.escape_debug());
                assert!(display_width(line) <= width, "{} at {width}: {line}", case.name);
                assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{}: {line}", case.name);
                assert_eq!(line, line.trim_end(), "{}", case.name);
            }
            assert!(page.ends_with('\n') && !page.ends_with("\n\n"), "{}", case.name);
        }
    }
}

#[test]
fn colour_changes_nothing_but_the_colour() {
    for case in cases() {
        let diff = case.diff();
        let plain = human(&diff, Human { colour: false, width: 100 });
        let painted = human(&diff, Human { colour: true, width: 100 });
        let mut bare = String::new();
        let mut rest = painted.as_str();
        while let Some((before, behind)) = rest.split_once("\u{1b}[") {
            bare.push_str(before);
            let (sequence, behind) = behind.split_once('m').unwrap();
            assert!(sequence.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'), "{sequence}");
            rest = behind;
        }
        bare.push_str(rest);
        let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
        assert_eq!(lines(&bare), lines(&plain), "{}", case.name);
    }
}

#[test]
fn every_change_is_there() {
    for case in cases() {
        let diff = case.diff();
        let page = human(&diff, Human { colour: false, width: 400 });
        for document in &diff.documents {
            // What no task notices is a line each, most of them by their values alone.
            for change in document.changes.iter().filter(|change| change.effect != Effect::Neutral) {
                // Of a new class every file that it draws in is told with all that it says.
                if let (Some(_), Cause::File(file)) = (&document.content, &change.cause) {
                    assert!(page.contains(file.as_str()), "{}: {file}", case.name);
                    continue;
                }
                assert!(page.contains(&change.what), "{}: {}", case.name, change.what);
            }
        }
    }
}
