//! What somebody meant who wrote a value in another notation: a duration in prose, an address for a repository, letters that
//! only look like the right ones. Whoever asks keeps those that the field accepts.

use serde_json::Value;

/// One way to write it.
#[derive(Debug)]
pub(super) struct Respelled {
    /// The value as its field takes it.
    pub(super) value: Value,
    /// Whether it plainly says the same.
    pub(super) plain: bool,
    /// Why what is written is not it.
    pub(super) why: Option<String>,
}

impl Respelled {
    fn plain(text: impl Into<String>) -> Self {
        Self { value: Value::from(text.into()), plain: true, why: None }
    }
}

/// The other ways to write `text`, the most likely first. Text that is too long to be a name or a number has none.
pub(super) fn respelled(text: &str) -> Vec<Respelled> {
    const LONGEST: usize = 200;
    if text.len() > LONGEST {
        return Vec::new();
    }
    let mut all: Vec<Respelled> = Vec::new();
    all.extend(unquoted(text));
    all.extend(duration(text).map(Respelled::plain));
    all.extend(repository(text).map(Respelled::plain));
    all.extend(text.strip_prefix("refs/heads/").or_else(|| text.strip_prefix("origin/")).map(Respelled::plain));
    all.push(Respelled::plain(text.trim()));
    all.push(Respelled::plain(text.to_lowercase()));
    if is_owner(text) {
        all.push(Respelled::plain(format!("@{text}")));
    }
    all.extend(text.strip_prefix("./").or_else(|| text.strip_prefix('/')).map(Respelled::plain));
    all.extend(same_type(text).map(|word| Respelled { plain: false, ..Respelled::plain(word) }));
    all.extend(look_alike(text));
    all.extend(credits(text));
    all.extend(number(text));
    if !text.contains(['.', '/', ':', '@', '$', '*', '?', '[', '{', '\\']) {
        all.push(Respelled { plain: false, ..Respelled::plain(name(text, '-')) });
        all.push(Respelled { plain: false, ..Respelled::plain(name(text, '_')) });
    }
    all
}

/// Whether it reads as a user's or a team's name.
fn is_owner(text: &str) -> bool {
    let name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    text.split('/').count() <= 2 && text.split('/').all(name)
}

/// A number as people write it: `v1`, `1,500`.
fn number(text: &str) -> Option<Respelled> {
    let digits = |text: &str| text.parse::<i64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let mut groups = text.split(',');
    let grouped =
        groups.next().is_some_and(|first| (1..=3).contains(&first.len())) && groups.all(|group| group.len() == 3);
    let value = match text.strip_prefix(['v', 'V']) {
        Some(rest) => digits(rest)?,
        None if grouped => digits(&text.replace(',', ""))?,
        None => return None,
    };
    Some(Respelled { value: Value::from(value), plain: true, why: None })
}

/// What other formats call the types of inputs, and the risk.
fn same_type(text: &str) -> Option<&'static str> {
    match text.to_lowercase().as_str() {
        "critical" | "severe" => Some("high"),
        "moderate" => Some("medium"),
        "none" | "minimal" => Some("low"),
        "str" | "text" => Some("string"),
        "int" | "number" => Some("integer"),
        "bool" => Some("boolean"),
        "enum" | "select" => Some("choice"),
        "array" => Some("list"),
        _ => None,
    }
}

/// Without the quotes of a word processor, which are letters to YAML.
fn unquoted(text: &str) -> Option<Respelled> {
    let first = text.chars().next().filter(|c| matches!(c, '“' | '”' | '„' | '«' | '‘' | '’' | '‚'))?;
    let inner = text.trim_matches(['“', '”', '„', '‟', '«', '»', '‘', '’', '‚']);
    let why = format!("`{first}` is a typographic quote; YAML knows only `\"` and `'`");
    Some(Respelled { why: Some(why), ..Respelled::plain(inner) })
}

/// `30 min`, `PT1H`, `0.5 days`.
fn duration(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let (iso, body) = match lower.strip_prefix("pt").or_else(|| lower.strip_prefix('p')) {
        Some(body) => (true, body),
        None => (false, lower.as_str()),
    };
    let digits = body.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = body.split_at(digits);
    let minutes = match unit.trim() {
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0 / 60.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 1.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 60.0,
        "d" | "day" | "days" => 1440.0,
        "w" | "week" | "weeks" if !iso => 7.0 * 1440.0,
        _ => return None,
    };
    let total = number.parse::<f64>().ok()? * minutes;
    // Above a year it is a slip; below a minute there is nothing to wait for.
    if total.fract() != 0.0 || !(1.0..=525_600.0).contains(&total) {
        return None;
    }
    let (unit, length) = [("d", 1440.0), ("h", 60.0)].into_iter().find(|(_, l)| total % l == 0.0).unwrap_or(("m", 1.0));
    Some(format!("{:.0}{unit}", total / length))
}

/// The repository that an address leads to.
fn repository(text: &str) -> Option<String> {
    let rest = ["https://", "http://", "ssh://git@", "git@"].iter().find_map(|start| text.strip_prefix(start))?;
    let path = rest.strip_prefix("github.com")?.strip_prefix(['/', ':'])?.trim_end_matches('/');
    Some(path.strip_suffix(".git").unwrap_or(path).to_owned())
}

/// With the letters of ASCII that it only looks like.
fn look_alike(text: &str) -> Option<Respelled> {
    let strange = text.chars().find(|c| ascii_look(*c).is_some())?;
    let looks = ascii_look(strange)?;
    let value: String = text.chars().map(|c| ascii_look(c).unwrap_or(c)).collect();
    let why = format!("`{strange}` is U+{:04X}, which only looks like `{looks}`", u32::from(strange));
    value.is_ascii().then(|| Respelled { plain: false, why: Some(why), ..Respelled::plain(value) })
}

/// The ASCII character that another is easily taken for.
fn ascii_look(c: char) -> Option<char> {
    const PAIRS: [(char, char); 24] = [
        ('а', 'a'),
        ('е', 'e'),
        ('о', 'o'),
        ('р', 'p'),
        ('с', 'c'),
        ('х', 'x'),
        ('у', 'y'),
        ('і', 'i'),
        ('ѕ', 's'),
        ('ј', 'j'),
        ('ԁ', 'd'),
        ('һ', 'h'),
        ('ɡ', 'g'),
        ('ο', 'o'),
        ('α', 'a'),
        ('ν', 'v'),
        ('А', 'A'),
        ('С', 'C'),
        ('О', 'O'),
        ('Е', 'E'),
        ('‐', '-'),
        ('–', '-'),
        ('−', '-'),
        ('／', '/'),
    ];
    match c {
        // The full-width forms stand in ASCII's order.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        _ => PAIRS.iter().find(|(other, _)| *other == c).map(|(_, ascii)| *ascii),
    }
}

/// Dollars as credits.
fn credits(text: &str) -> Option<Respelled> {
    let lower = text.trim().to_lowercase();
    let amount = lower.strip_prefix('$').or_else(|| lower.strip_suffix("usd")).or_else(|| lower.strip_suffix('$'))?;
    let cents = (amount.trim().parse::<f64>().ok()? * 100.0).round();
    let value = (1.0..=1e9).contains(&cents).then(|| format!("{cents:.0}").parse::<i64>().ok()).flatten()?;
    let why = "a budget is in whole AI credits; one is US$0.01".to_owned();
    Some(Respelled { value: Value::from(value), plain: false, why: Some(why) })
}

/// As a name: lower-case letters and digits, whatever else is `separator`.
fn name(text: &str, separator: char) -> String {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect::<Vec<_>>().join(&separator.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(text: &str) -> Vec<String> {
        respelled(text).iter().map(|way| way.value.as_str().map_or(way.value.to_string(), str::to_owned)).collect()
    }

    #[test]
    fn durations_in_prose() {
        for (written, meant) in [
            ("30 min", "30m"),
            ("PT1H", "1h"),
            ("3 days", "3d"),
            ("8H", "8h"),
            ("0.5d", "12h"),
            ("90s", ""),
            ("2 weeks", "14d"),
        ] {
            let found = duration(written).unwrap_or_default();
            assert_eq!(found, meant, "{written}");
        }
    }

    #[test]
    fn numbers_as_people_write_them_and_owners() {
        for (written, meant) in [("v1", 1), ("1,500", 1500), ("12,345,678", 12_345_678)] {
            assert_eq!(number(written).map(|way| way.value), Some(Value::from(meant)), "{written}");
        }
        for none in ["1,5", "1234,567", "v", "v1.2", "v-1", "+1,000", "x"] {
            assert!(number(none).is_none(), "{none}");
        }
        assert!(ways("acme/platform").contains(&"@acme/platform".to_owned()));
        for path in ["docs/[*.md", "src/a?.rs", "src/{a,b}", "a/../b", "docs/*.md"] {
            assert!(!ways(path).iter().any(|way| way.starts_with('@')), "{path}");
        }
    }

    #[test]
    fn addresses_letters_quotes_and_money() {
        assert!(ways("https://github.com/acme/docs-site").contains(&"acme/docs-site".to_owned()));
        assert!(ways("git@github.com:acme/mobile-app.git").contains(&"acme/mobile-app".to_owned()));
        assert!(ways("аcme/docs").contains(&"acme/docs".to_owned()));
        assert!(ways("“@acme/docs”").contains(&"@acme/docs".to_owned()));
        assert!(ways("$0.40").contains(&"40".to_owned()));
        assert!(ways("Bad Names!").contains(&"bad-names".to_owned()));
    }
}
