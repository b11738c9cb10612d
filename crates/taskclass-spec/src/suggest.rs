//! "Did you mean": the nearest of a few known words.

/// The word of `known` that is nearest to `written`, if it is near enough to be meant.
pub fn closest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (written.chars().count() / 3).clamp(1, 4);
    known
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&written.to_lowercase(), &word.to_lowercase()), word))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn near_words_only() {
        assert_eq!(closest("lables", ["create", "labels", "reviewers"]), Some("labels"));
        assert_eq!(closest("automerge", ["create", "labels", "reviewers"]), None);
        assert_eq!(closest("to", ["package", "at"]), None);
    }
}
