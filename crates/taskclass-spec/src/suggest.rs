//! "Did you mean": the nearest of a few known words, and whether it was plainly meant.

/// The word of `known` that is nearest to `written`, if it is near enough to be meant: a slip or two of the pen, or the one
/// word that begins like it.
pub fn closest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let text = written.to_lowercase();
    let allowed = (written.chars().count() / 3).clamp(1, 3);
    let known: Vec<&str> = known.into_iter().collect();
    let near = known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(&text, &word.to_lowercase()), *word))
        .filter(|(distance, _)| *distance <= allowed)
        .min();
    near.map(|(_, word)| word).or_else(|| begins_alike(&text, &known))
}

/// The one word that `text` shortens or that goes on in it: `min` for `minimum`, `advisory_id` for `advisory`.
fn begins_alike<'a>(text: &str, known: &[&'a str]) -> Option<&'a str> {
    const SHORTEST: usize = 3;
    let alike = |word: &&&str| {
        let word = word.to_lowercase();
        let (short, long) = if word.len() < text.len() { (word.as_str(), text) } else { (text, word.as_str()) };
        // `queue:30m` is more than a longer word.
        let is_word = |rest: &str| rest.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        short.len() >= SHORTEST && long.strip_prefix(short).is_some_and(is_word)
    };
    let mut found = known.iter().filter(alike);
    let first = found.next()?;
    found.next().is_none().then_some(*first)
}

/// Whether who wrote `written` plainly meant `meant`, so that a machine may correct it unasked: the two differ in case and
/// separators only, or by one letter too many or too few, two that changed places, or one other in a long word. Digits tell
/// things apart, and are never a slip.
pub fn plainly(written: &str, meant: &str) -> bool {
    const SHORT: usize = 4;
    const LONG: usize = 7;
    let bare = |text: &str| {
        text.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect::<Vec<_>>()
    };
    let (a, b) = (bare(written), bare(meant));
    if a == b {
        return true;
    }
    let digits = |text: &[char]| text.iter().filter(|c| c.is_numeric()).copied().collect::<Vec<_>>();
    let (shorter, longer) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    if digits(&a) != digits(&b) || shorter.len() < SHORT || longer.len() - shorter.len() > 1 {
        return false;
    }
    let same = shorter.iter().zip(longer).take_while(|(x, y)| x == y).count();
    let (rest, other) = (&shorter[same..], &longer[same..]);
    if rest.len() < other.len() {
        return *rest == other[1..];
    }
    let swapped = rest.len() >= 2 && rest[0] == other[1] && rest[1] == other[0] && rest[2..] == other[2..];
    swapped || (shorter.len() >= LONG && rest[1..] == other[1..])
}

#[cfg(test)]
mod tests {
    use super::{closest, plainly};

    #[test]
    fn near_words_only() {
        assert_eq!(closest("lables", ["create", "labels", "reviewers"]), Some("labels"));
        assert_eq!(closest("automerge", ["create", "labels", "reviewers"]), None);
        assert_eq!(closest("to", ["package", "at"]), None);
        assert_eq!(closest("svc-legacy", ["svc-search", "svc-orders"]), None);
    }

    #[test]
    fn the_one_word_that_begins_alike() {
        assert_eq!(closest("min", ["minimum", "maximum"]), Some("minimum"));
        assert_eq!(closest("lowercase", ["upper", "lower"]), Some("lower"));
        assert_eq!(closest("max", ["max_files", "max_lines"]), None);
        assert_eq!(closest("de", ["default", "description"]), None);
    }

    #[test]
    fn a_slip_of_the_pen_is_plain_and_another_word_is_not() {
        for (written, meant) in [
            ("perTask", "per_task"),
            ("base-ref", "base_ref"),
            ("Never", "never"),
            ("packge", "package"),
            ("titel", "title"),
            ("scop", "scope"),
            ("owner", "owners"),
            ("retrieve", "retrieva"),
        ] {
            assert!(plainly(written, meant) && plainly(meant, written), "{written} {meant}");
        }
        for (written, meant) in [
            ("nope", "note"),
            ("run", "runs"),
            ("step1", "step2"),
            ("replica1", "replica2"),
            ("advisory_id", "advisory"),
            ("min", "minimum"),
            ("lowest", "low"),
            ("", "a"),
        ] {
            assert!(!plainly(written, meant) && !plainly(meant, written), "{written} {meant}");
        }
    }
}
