use taskclass_lint::render::{Format, Human, Part, render};
use taskclass_lint::{FailOn, Report};
use taskclass_source::text::visible;
use taskclass_source::{Finding, Label, Level, SourceFile, Span};

use super::{ATTACKS, one, registries};
use crate::fixture;

/// A command's properties.
type Properties = Vec<(String, String)>;

/// A command as the runner reads it: the word, the properties, the message.
fn command(line: &str) -> Option<(String, Properties, String)> {
    let rest = line.strip_prefix("::")?;
    let (head, message) = rest.split_once("::")?;
    let (word, properties) = head.split_once(' ').unwrap_or((head, ""));
    let data = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |text: &str| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",");
        text.replace("%25", "%")
    };
    let properties = properties.split(',').filter_map(|one| one.split_once('='));
    let properties = properties.map(|(name, value)| (name.to_owned(), property(value))).collect();
    Some((word.to_owned(), properties, data(message)))
}

#[test]
fn each_finding_is_one_command_that_says_the_same() {
    for (_, report) in registries() {
        let text = one(report, Format::Github);
        let commands: Vec<_> = text.lines().filter_map(command).collect();
        let mut findings: Vec<&Finding> = report.findings.iter().collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        let mut of_level = std::collections::BTreeMap::new();
        findings.retain(|finding| {
            let number = of_level.entry(finding.level).or_insert(0);
            *number += 1;
            *number <= 10
        });
        assert_eq!(commands.len(), findings.len());
        for ((word, properties, message), finding) in commands.iter().zip(findings) {
            let of = |name: &str| properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
            let at = finding.primary.source.position(finding.primary.span.start);
            assert_eq!(word, if finding.level == Level::Note { "notice" } else { finding.level.name() });
            assert_eq!(of("file"), Some(finding.primary.source.path()));
            assert_eq!(of("line"), Some(at.line.to_string().as_str()));
            assert_eq!(of("title"), Some(&*finding.rule));
            assert!(of("col").is_none() || of("endLine").is_none());
            assert!(message.starts_with(&*visible(&finding.message)));
        }
    }
}

#[test]
fn no_text_ends_a_command_or_begins_another() {
    for attack in ATTACKS {
        let report = Report { findings: vec![super::hostile(attack)], ..Report::default() };
        let text = one(&report, Format::Github);
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(!text.contains('\r') && !text.contains('\u{1b}'));
        let (word, properties, message) = command(text.lines().next().unwrap()).unwrap();
        assert_eq!(word, "warning");
        let names: Vec<_> = properties.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["file", "line", "col", "endColumn", "title"], "{text}");
        assert_eq!(properties[0].1, visible(report.findings[0].primary.source.path()));
        assert!(message.starts_with(&*visible(&report.findings[0].message)), "{message}");
    }
}

#[test]
fn no_more_is_annotated_than_is_shown_and_the_rest_is_counted() {
    let file = SourceFile::new("policy.yaml", "abc\n");
    let finding = |level| Finding::new("r", level, "m", Label::mark(&file, Span::new(0, 1)));
    let findings = (0..13).map(|_| finding(Level::Warning)).chain((0..12).map(|_| finding(Level::Error)));
    let report = Report { findings: findings.collect(), ..Report::default() };
    let text = one(&report, Format::Github);
    let count = |word: &str| text.lines().filter(|line| line.starts_with(word)).count();
    assert_eq!((count("::error "), count("::warning ")), (10, 10));
    assert!(
        text.ends_with(
            "5 findings are not annotated: GitHub shows 10 of each level a step. --format concise lists them all.\n"
        ),
        "{text}"
    );
    assert!(report.fails(FailOn::Error));
}

#[test]
fn paths_are_those_of_the_repository() {
    let report = fixture::lint_example("automerge: no\n");
    let parts = [Part::new("a,b: 100%/x", report)];
    let text = render(&parts, Format::Github, Human::default());
    assert!(text.starts_with("::error file=a%2Cb%3A 100%25/x/task-classes/example.yaml,line="), "{text}");
}
