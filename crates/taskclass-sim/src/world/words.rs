//! What the agent takes from a prompt: a title, a branch's name, trailers.

/// A prompt's first line, cut to a title's length.
pub(super) fn name_of(prompt: &str) -> String {
    let line = prompt.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("Task");
    line.chars().take(72).collect::<String>().trim_end().to_owned()
}

/// A branch's name out of a title.
pub(super) fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.take(4).collect::<Vec<_>>().join("-").to_ascii_lowercase();
    if slug.is_empty() { "task".to_owned() } else { slug }
}

/// The `Task-Class...: value` lines of a prompt, each name once, however they are quoted or listed.
pub(super) fn trailers(prompt: &str) -> Vec<String> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    for line in prompt.lines() {
        let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '`' | '>' | '-' | '*'));
        let Some((name, value)) = line.split_once(": ") else { continue };
        let letters = name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
        if !name.starts_with("Task-Class") || !letters {
            continue;
        }
        // What stands last is the trailer proper; before it a prompt may speak of it.
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value.trim(),
            None => found.push((name, value.trim())),
        }
    }
    found.into_iter().map(|(name, value)| format!("{name}: {value}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailers_are_found_however_they_are_written() {
        let prompt = "Raise it.\n\n> `Task-Class-Key: ABC`\nTask-Class: dependency-bump\nTask-Class-Key: DEF\nnot Task-Class: x\n";
        assert_eq!(trailers(prompt), ["Task-Class-Key: DEF", "Task-Class: dependency-bump"]);
    }

    #[test]
    fn names_come_from_the_first_line() {
        assert_eq!(name_of("\n  Raise `serde` to 1.0.230  \nmore"), "Raise `serde` to 1.0.230");
        assert_eq!(slug("Raise `serde` to 1.0.230"), "raise-serde-to-1");
        assert_eq!(slug("…"), "task");
    }
}
