//! The trailer: how a task carries its class, version and key through everything that the agent makes of it.

use std::ops::Range;

use crate::ClassName;

/// The name of the trailer line that carries the key; in every commit, in the pull request, and in the prompt itself, where
/// a run whose response was lost finds its task again.
pub const KEY_NAME: &str = "Task-Class-Key";

/// The text that stands behind a rendered body in the prompt of class `class`, version `version`, for the task `key`. It
/// begins behind an empty line and ends with three whole lines for machines.
pub fn trailer(class: &ClassName, version: u32, key: &str) -> String {
    format!(
        "\n---\nThis is a task of the class `{class}`, version {version}. End the message of every commit that you make, and the\n\
         body of the pull request if you open one, with the last of these lines as it stands:\n\n\
         Task-Class: {class}\nTask-Class-Version: {version}\n{KEY_NAME}: {key}\n"
    )
}

/// The first imitation of a trailer line in `text`, in whatever case and wherever in a line. Nothing but the trailer may
/// say it: a second key in a prompt would bind the task to another run.
pub(super) fn imitation(text: &str) -> Option<Range<usize>> {
    const STEM: &[u8] = b"task-class";
    let bytes = text.as_bytes();
    let at = |start: usize| bytes.get(start..start + STEM.len()).is_some_and(|word| word.eq_ignore_ascii_case(STEM));
    let begins = |byte: &u8| byte | 0x20 == b't';
    let starts = bytes.iter().enumerate().filter(|(_, byte)| begins(byte)).map(|(start, _)| start);
    starts.filter(|start| at(*start)).find_map(|start| {
        let mut end = start + STEM.len();
        for suffix in [b"-version".as_slice(), b"-key"] {
            if bytes.get(end..end + suffix.len()).is_some_and(|word| word.eq_ignore_ascii_case(suffix)) {
                end += suffix.len();
                break;
            }
        }
        let blank = bytes.get(end..)?.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        (bytes.get(end + blank) == Some(&b':')).then_some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_for_machines_are_whole() {
        let text = trailer(&"dependency-bump".parse().unwrap(), 3, "k1a2b3");
        assert!(text.starts_with('\n') && text.ends_with('\n'));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[lines.len() - 3..],
            ["Task-Class: dependency-bump", "Task-Class-Version: 3", "Task-Class-Key: k1a2b3"]
        );
        assert_eq!(lines.iter().filter(|line| imitation(line).is_some()).count(), 3);
    }

    #[test]
    fn imitations_are_found_in_any_case_and_place() {
        for text in [
            "Task-Class-Key: k",
            "x TASK-CLASS-KEY:k",
            "> task-class-key \t: k",
            "Task-Class: a",
            "-Task-Class-Version:1",
        ] {
            assert!(imitation(text).is_some(), "{text}");
        }
        for text in [
            "Task-Class-Key",
            "task class: x",
            "task-classes: x",
            "Task-Class-Keys: x",
            "",
            "task-class",
            "task-class \n:",
        ] {
            assert!(imitation(text).is_none(), "{text}");
        }
        assert_eq!(imitation("é task-class: x"), Some(3..13));
    }
}
