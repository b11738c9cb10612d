//! What GitHub makes of the comment.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use taskclass_diff::render::markdown;
use taskclass_diff::{Diff, Document, Effect, Label};
use taskclass_source::{SourceFile, Span};

use super::cases::cases;
use super::hostile::ATTACKS;

const MARK: &str = "<!-- taskclass-diff -->";

/// What a comment is made of: HTML, and the texts of its fences. Anything else is a mistake: no paragraph, link, heading or
/// list is Markdown's.
fn parsed(comment: &str) -> (String, Vec<String>) {
    let (mut html, mut fences, mut in_fence) = (String::new(), Vec::new(), false);
    for event in Parser::new_ext(comment, Options::all()) {
        match event {
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Html(text) => html.push_str(&text),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                assert!(["diff", "text"].contains(&&*kind), "{kind}");
                in_fence = true;
                fences.push(String::new());
            }
            Event::End(TagEnd::CodeBlock) => in_fence = false,
            Event::Text(text) if in_fence => fences.last_mut().unwrap().push_str(&text),
            other => panic!("{other:?} in {comment}"),
        }
    }
    (html, fences)
}

/// Fails if the HTML has anything but what the format writes, or text that GitHub would make something of. Says how many rows
/// and how many details there are.
fn harmless(html: &str) -> (usize, usize) {
    let mut rest = html.strip_prefix(MARK).unwrap();
    let (mut words, mut open, mut rows, mut details) = (String::new(), Vec::new(), 0, 0);
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        let end = tag.find('>').expect("a tag ends");
        let name = &tag[1..end];
        if !open.contains(&"code") {
            words.push_str(before);
        }
        // Code cannot be left: nothing in it is a tag.
        assert!(open.last() != Some(&"code") || name == "/code", "{name} in code: {html}");
        let inside = |outer: &str| assert_eq!(open.last(), Some(&outer), "{name} in {html}");
        match name {
            "tr" => inside("table"),
            "th" | "td" => inside("tr"),
            "li" => inside("ul"),
            "summary" => inside("details"),
            "details" | "table" | "h3" => assert!(open.is_empty(), "{name} within {open:?}"),
            _ => {}
        }
        rows += usize::from(name == "tr");
        details += usize::from(name == "details");
        match name {
            "br" => {}
            "h3" | "p" | "details" | "summary" | "b" | "i" | "code" | "table" | "tr" | "th" | "td" | "ul" | "li" => {
                open.push(name);
            }
            closing => assert_eq!(closing.strip_prefix('/'), open.pop(), "{html}"),
        }
        words.push(' ');
        rest = &tag[end + 1..];
    }
    words.push_str(rest);
    assert!(open.is_empty(), "{open:?} left open");
    plain(&words);
    assert!(!html.contains(|c| c != '\n' && taskclass_source::text::is_hidden(c)));
    (rows, details)
}

/// Fails if GitHub would make a mention, a link, a reference or a picture of the words outside code.
fn plain(words: &str) {
    let mut words = words.to_owned();
    for entity in ["&amp;", "&lt;", "&gt;", "&quot;"] {
        words = words.replace(entity, "");
    }
    for sign in ['@', '#', '&', '[', ']', '*', '_', '~', '|', '$', '\\', '/', '`'] {
        assert!(!words.contains(sign), "{sign} in {words}");
    }
    assert!(!words.contains(":tada:"), "{words}");
    for word in words.split_whitespace() {
        assert!(!word.contains("www") && !word.contains("http") && !word.starts_with("GH-"), "{word}");
        let hexadecimal = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(!hexadecimal, "{word} could name a commit");
    }
}

fn fits(comment: &str) {
    let units = comment.encode_utf16().count();
    assert!(comment.len() <= 65_536 && units <= 65_536, "{} bytes, {units} units", comment.len());
}

#[test]
fn every_change_is_a_harmless_comment_with_a_row_and_details_for_each_document() {
    for case in cases() {
        let diff = case.diff();
        let comment = markdown(&diff);
        fits(&comment);
        assert!(comment.starts_with(&format!("{MARK}\n")), "{}", case.name);
        let (html, fences) = parsed(&comment);
        let all = diff.documents.len();
        assert_eq!(harmless(&html), (all + usize::from(all > 0), all), "{}", case.name);
        assert_eq!(html.matches(MARK).count(), 1, "{}", case.name);
        assert!(fences.iter().all(|fence| !fence.is_empty()), "{}", case.name);
    }
}

/// A diff whose texts are all the attack.
fn attacked(attack: &str, count: usize) -> Diff {
    let case = cases().into_iter().find(|case| case.name == "several-at-once").unwrap();
    let mut diff = case.diff();
    let file = SourceFile::new(attack, attack);
    for document in &mut diff.documents {
        document.name = attack.to_owned();
        document.content =
            Some(serde_json::json!({attack: [attack], "a": {attack: attack}, "prompt": {"template": attack}}));
        document.refused = Some(attack.to_owned());
        document.reaches = vec![attack.to_owned(); 25];
        for change in &mut document.changes {
            change.what = attack.to_owned();
            for side in [&mut change.before, &mut change.after].into_iter().flatten() {
                side.value = serde_json::json!({attack: [attack, format!("{attack}\n{attack}")]});
                side.place.source = file.clone();
                side.place.span = Span::new(0, 1);
            }
        }
        for example in &mut document.examples {
            example.name = attack.to_owned();
            example.failed = Some(attack.to_owned());
            for hunk in example.prompt.hunks.iter_mut().chain(&mut example.rest.hunks) {
                let lines = attack.split('\n').map(str::to_owned);
                hunk.lines.iter_mut().zip(lines.cycle()).for_each(|((_, line), attack)| *line = attack);
            }
        }
        for candidate in document.approval.iter_mut().flat_map(|approval| &mut approval.candidates) {
            candidate.hindrance = Some(attack.to_owned());
        }
    }
    if count > 100 {
        // So many would not fit into memory with all that they say.
        for document in &mut diff.documents {
            document.reaches.truncate(1);
            document.changes.truncate(1);
            document.examples.clear();
            document.approval = None;
        }
    }
    let documents: Vec<Document> = diff.documents.iter().cloned().cycle().take(count).collect();
    Diff::new(attack.into(), attack.into(), documents, diff.inventory)
}

#[test]
fn no_text_forges_mentions_links_or_hides() {
    for attack in ATTACKS {
        let diff = attacked(attack, 3);
        let (html, _) = parsed(&markdown(&diff));
        assert_eq!(harmless(&html), (4, 3), "{attack}");
    }
    let all = ATTACKS.join("\n");
    let (html, fences) = parsed(&markdown(&attacked(&all, 3)));
    assert_eq!(harmless(&html), (4, 3));
    assert!(!fences.is_empty());
}

#[test]
fn however_large_the_change_the_comment_fits_and_the_worst_stays() {
    let long = "語\u{1f600}`<&@".repeat(500);
    for (attack, count) in [("x", 10_000), (long.as_str(), 3), (&ATTACKS.join(" "), 60), (&ATTACKS.join("\n"), 10_000)]
    {
        let diff = attacked(attack, count);
        let comment = markdown(&diff);
        fits(&comment);
        let (html, _) = parsed(&comment);
        let (rows, details) = harmless(&html);
        assert!(rows > 2 && details > 1, "{rows} rows, {details} details");
        // What is left is the gravest: no document that widens is left out for one that does not.
        let widening = diff.documents.iter().filter(|document| document.effect().is_widening()).count();
        let shown = html.matches("<summary><b>widens</b>").count() + html.matches("<summary><b>may widen</b>").count();
        assert_eq!(shown, widening.min(details));
        // Each says less before one of them is not told of.
        assert!(count > 20 || details == count, "{details} of {count}");
        let left = count - details;
        if left > 0 {
            assert!(
                html.contains(&format!("{left} documents are not shown in detail")),
                "{}",
                &html[html.len() - 2000..]
            );
        }
    }
}

#[test]
fn the_gravest_effect_of_each_document_is_in_its_row() {
    for case in cases() {
        let diff = case.diff();
        let comment = markdown(&diff);
        let rows: Vec<&str> = comment.lines().filter(|line| line.starts_with("<tr><td>")).collect();
        for (document, row) in diff.documents.iter().zip(rows) {
            assert!(row.contains(document.effect().word()), "{}: {row}", case.name);
        }
        assert!(diff.effect() != Some(Effect::Widens) || comment.contains("<b>widens</b>"));
    }
}

#[test]
fn each_part_of_a_sides_name_is_code_of_its_own() {
    let id = "6dcc25b97d2048d4d03b937d48d4d03b937d48d4";
    let label = |name: &str, commit: Option<&str>, note: Option<&str>| Label {
        name: name.to_owned(),
        commit: commit.map(str::to_owned),
        note: note.map(str::to_owned),
    };
    for (label, shown) in [
        (label("main~8", Some(id), None), "<code>main~8</code> (<code>6dcc25b97d20</code>)"),
        (
            label("6dcc25b97d20", Some(id), Some("approved by alice@acme.com")),
            "<code>6dcc25b97d20</code> (approved by <code>alice@acme.com</code>)",
        ),
        (label("HEAD", None, Some("no commit yet")), "<code>HEAD</code> (no commit yet)"),
        (label("the work tree", None, None), "the work tree"),
    ] {
        let comment = markdown(&Diff::new(label.clone(), label, Vec::new(), None));
        assert!(comment.contains(&format!("<p>nothing differs between {shown} and {shown}</p>")), "{comment}");
    }
}
