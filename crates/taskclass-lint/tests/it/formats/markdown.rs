use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use taskclass_lint::Report;
use taskclass_lint::render::{Format, Human, Part, render};
use taskclass_source::{Finding, Label, SourceFile, Span};

use super::{ATTACKS, attacked, hostile, one, registries};
use crate::fixture;

/// What a comment is made of: HTML, and the texts of its fences.
fn parsed(comment: &str) -> (String, Vec<String>) {
    let (mut html, mut fences) = (String::new(), Vec::new());
    let mut in_fence = false;
    for event in Parser::new_ext(comment, Options::all()) {
        match event {
            Event::Start(Tag::HtmlBlock) | Event::End(pulldown_cmark::TagEnd::HtmlBlock) => {}
            Event::Html(text) => html.push_str(&text),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                assert_eq!(&*kind, "text");
                in_fence = true;
                fences.push(String::new());
            }
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_fence = false,
            Event::Text(text) if in_fence => fences.last_mut().unwrap().push_str(&text),
            other => panic!("{other:?} in {comment}"),
        }
    }
    (html, fences)
}

/// Fails if the HTML has anything but what the format writes, or text that GitHub would make something of.
fn harmless(html: &str, findings: usize) {
    let mut rest = html.strip_prefix("<!-- taskclass-lint -->").unwrap();
    let (mut words, mut open) = (String::new(), Vec::new());
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        let end = tag.find('>').expect("a tag ends");
        let name = &tag[1..end];
        if !open.contains(&"code") {
            words.push_str(before);
        }
        // Code cannot be left: nothing in it is a tag.
        assert!(open.last() != Some(&"code") || name == "/code", "{name} in code: {html}");
        match name {
            "br" => words.push('\n'),
            "h3" | "p" | "details" | "summary" | "b" | "code" => open.push(name),
            closing => assert_eq!(closing.strip_prefix('/'), open.pop(), "{html}"),
        }
        words.push(' ');
        rest = &tag[end + 1..];
    }
    words.push_str(rest);
    assert!(open.is_empty(), "{open:?} left open");
    assert!(html.matches("<details>").count() <= findings);
    for entity in ["&amp;", "&lt;", "&gt;", "&quot;"] {
        words = words.replace(entity, "");
    }
    for sign in ['@', '#', '&', '[', ']', '*', '_', '~', '|', '$', '\\', '/', '`'] {
        assert!(!words.contains(sign), "{sign} in {words}");
    }
    assert!(!words.contains(":tada:"), "{words}");
    for word in words.split_whitespace() {
        assert!(!word.contains("www") && !word.contains("http"), "{word}");
        let hexadecimal = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(!hexadecimal, "{word} could name a commit");
    }
    assert!(!html.contains(['\u{202e}', '\u{200b}', '\u{1b}']));
}

#[test]
fn a_comment_says_what_was_found_and_nothing_else() {
    for (_, report) in registries() {
        let comment = one(report, Format::Markdown);
        let (html, fences) = parsed(&comment);
        harmless(&html, report.findings.len());
        assert!(html.contains(&report.summary()), "{html}");
        assert_eq!(fences.len(), report.findings.len());
        let mut findings: Vec<&Finding> = report.findings.iter().collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        for (fence, finding) in fences.iter().zip(findings) {
            let shown = taskclass_lint::render::finding(finding, Human { colour: false, width: 100 });
            let lines = shown.split_once('\n').unwrap().1;
            assert!(*fence == lines || fence.ends_with("…\n") && fence.len() > 3900, "{fence}");
        }
    }
}

#[test]
fn no_text_forges_mentions_links_or_hides() {
    for attack in ATTACKS {
        let report = Report { findings: vec![hostile(attack)], ..Report::default() };
        let comment = one(&report, Format::Markdown);
        let (html, fences) = parsed(&comment);
        harmless(&html, 1);
        assert_eq!((fences.len(), html.matches("<details>").count()), (1, 1), "{comment}");
    }
    let comment = one(&attacked(), Format::Markdown);
    let (html, fences) = parsed(&comment);
    harmless(&html, ATTACKS.len());
    assert_eq!(fences.len(), ATTACKS.len());
    assert_eq!(
        comment.matches("<!-- taskclass-lint -->").count() - 1,
        fences.join("").matches("<!-- taskclass-lint -->").count()
    );
}

#[test]
fn however_much_there_is_a_comment_fits_and_the_worst_comes_first() {
    let long = "語\u{1f600}`".repeat(5000);
    let file = SourceFile::new(format!("task-classes/{}.yaml", "é".repeat(400)), long.clone());
    let place = || Label::new(&file, Span::new(0, 7), long.clone());
    for count in [1, 10, 300, 5000] {
        let warning = (0..count).map(|_| Finding::warning("thin-description", long.clone(), place()));
        let error = Finding::error("unknown-field", "`x` is not a field", place());
        let report = Report { findings: warning.chain([error]).collect(), ..Report::default() };
        let comment = one(&report, Format::Markdown);
        assert!(comment.len() < 65_536, "{} bytes", comment.len());
        let (html, _) = parsed(&comment);
        assert!(html.find("<b>error</b>").unwrap() < html.find("<b>warning</b>").unwrap());
        let shown = html.matches("<b>").count();
        if shown < report.findings.len() {
            let left = report.findings.len() - shown;
            assert!(html.contains(&format!("{left} warnings more are not shown here")), "{html}");
        }
    }
}

#[test]
fn several_registries_are_one_comment() {
    let report = fixture::lint_example("automerge: no\n");
    let parts = [Part::new("", Report::default()), Part::new("a<b>@octocat", report)];
    let comment = render(&parts, Format::Markdown, Human::default());
    harmless(&parsed(&comment).0, parts[1].report().findings.len());
    assert!(comment.contains("<code>a&lt;b&gt;@octocat/task-classes/example.yaml:"), "{comment}");
    let many: Vec<_> = (0..3000).map(|at| Part::new(format!("{}{at}", "x".repeat(900)), Report::default())).collect();
    let comment = render(&many, Format::Markdown, Human::default());
    assert!(comment.len() < 65_536 && comment.contains("2950 registries"), "{}", comment.len());
}
