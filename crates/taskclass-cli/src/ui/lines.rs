//! Lines no wider than a terminal: broken between words, and what is broken goes on below where it began. Painted text is
//! measured as it is seen; where there is no terminal nothing is broken.

use taskclass_source::text::display_width;

/// What follows a lead that leaves it too little room begins below it, behind so many columns.
const BELOW: usize = 2;
/// Fewer columns than these are too little room for a text.
const LEAST: usize = 24;

/// How many columns the text takes; what paints it takes none.
pub(crate) fn columns(text: &str) -> usize {
    let mut parts = text.split('\u{1b}');
    let plain = parts.next().map_or(0, display_width);
    plain + parts.map(|part| part.split_once('m').map_or(0, |(_, rest)| display_width(rest))).sum::<usize>()
}

/// The text, filled with spaces up to so many columns.
pub(crate) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// A text behind its lead, in lines of `room` columns. The other lines begin where the text began; where the lead leaves too
/// little room for that, or for a word that a line could hold, the text stands below it.
pub(crate) fn hung(lead: &str, text: &str, room: Option<usize>) -> String {
    let Some(room) = room else { return format!("{lead}{text}") };
    let hang = columns(lead);
    if hang + columns(text) <= room {
        return format!("{lead}{text}");
    }
    let left = room.saturating_sub(hang);
    let words = words(text, room.saturating_sub(BELOW));
    let widest = words.iter().map(|word| columns(word)).max().unwrap_or(0);
    // What is wider than any line the terminal breaks anyway, wherever it begins.
    let below = hang > BELOW && (left < LEAST || left < widest && BELOW + widest <= room);
    let indent = if below { BELOW } else { hang };
    let mut lines = filled(&words, room.saturating_sub(indent).max(1)).into_iter();
    let mut out = lead.to_owned();
    if below && !lead.trim().is_empty() {
        out.truncate(lead.trim_end().len());
    } else if below {
        out = format!("{}{}", " ".repeat(indent), lines.next().unwrap_or_default());
    } else {
        out.push_str(&lines.next().unwrap_or_default());
    }
    for line in lines {
        out.push('\n');
        out.push_str(&" ".repeat(indent));
        out.push_str(&line);
    }
    out
}

/// Prose of several lines, each broken behind its own indent. Commands stay as they are, to be copied: a line that begins with
/// `Next:`, and one that begins with two spaces.
pub(crate) fn prose(text: &str, room: Option<usize>) -> String {
    let broken = |line: &str| {
        let seen = line.split_once('m').filter(|(sign, _)| sign.starts_with('\u{1b}')).map_or(line, |(_, rest)| rest);
        if seen.starts_with("  ") || seen.starts_with("Next:") { line.to_owned() } else { hung("", line, room) }
    };
    text.split('\n').map(broken).collect::<Vec<_>>().join("\n")
}

/// The text's words; what stands between backticks is one, if it fits a line, and so is an arrow with what it points to.
fn words(text: &str, room: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for word in text.split(' ') {
        match words.last_mut() {
            Some(last) if (open || last.ends_with('→')) && columns(last) + 1 + columns(word) <= room => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
        open ^= word.matches('`').count() % 2 == 1;
    }
    words
}

fn filled(words: &[String], room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            // What parted the words of two lines is not seen.
            Some(_) if word.is_empty() => {}
            _ => lines.push(word.clone()),
        }
    }
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_terminal_nothing_is_broken() {
        let text = "word ".repeat(99);
        assert_eq!(hung("name  ", &text, None), format!("name  {text}"));
        assert_eq!(prose(&text, None), text);
    }

    #[test]
    fn lines_go_on_below_where_they_began() {
        assert_eq!(
            hung("because       ", "the class is not approved now, and so nothing is sent", Some(48)),
            "because       the class is not approved now, and\n              so nothing is sent"
        );
        assert_eq!(hung("a  ", "fits", Some(7)), "a  fits");
    }

    #[test]
    fn a_word_that_is_wider_than_what_is_left_is_not_broken() {
        let word = "w".repeat(50);
        assert_eq!(
            hung("prompt        ", &format!("see {word} there"), Some(60)),
            format!("prompt\n  see {word}\n  there")
        );
        // What no line holds is left to the terminal, whole, so that it can be copied.
        let wide = "w".repeat(99);
        assert_eq!(hung("prompt        ", &wide, Some(60)), format!("prompt        {wide}"));
        assert_eq!(hung("          ", &word, Some(55)), format!("  {word}"));
    }

    #[test]
    fn paint_takes_no_room() {
        let red = "\u{1b}[31mred words\u{1b}[0m";
        assert_eq!(columns(red), 9);
        assert_eq!(hung("a  ", red, Some(12)), format!("a  {red}"));
        assert_eq!(padded(red, 11), format!("{red}  "));
        assert_eq!(columns("語"), 2);
    }

    #[test]
    fn commands_stay_whole() {
        let next = "\u{1b}[1mNext:\u{1b}[0m git add approvals && git commit -m 'Approve it' && git push";
        assert_eq!(prose(next, Some(30)), next);
        let shown = "First change the names in all of these files, then\n  cd agent-tasks && git init -b main && taskclass lint";
        assert_eq!(
            prose(shown, Some(40)),
            "First change the names in all of these\nfiles, then\n  cd agent-tasks && git init -b main && taskclass lint"
        );
        assert_eq!(
            prose("under way: `taskclass show abcd` tells more", Some(31)),
            "under way:\n`taskclass show abcd` tells\nmore"
        );
        assert_eq!(
            hung("+1s  ", "GitHub says in_progress  → task.in_progress", Some(32)),
            "+1s  GitHub says in_progress\n     → task.in_progress"
        );
    }

    #[test]
    fn every_line_fits_that_can() {
        let text =
            "one `two three four` five, sixseveneight nine; ten eleven twelve thirteen fourteen fifteen ".repeat(4);
        for room in 30..120 {
            let lines = hung("      +0s  ", &text, Some(room));
            assert!(lines.lines().all(|line| columns(line) <= room), "{room}\n{lines}");
            let said: Vec<_> = lines.split_whitespace().skip(1).collect();
            assert_eq!(said, text.split_whitespace().collect::<Vec<_>>());
        }
    }
}
