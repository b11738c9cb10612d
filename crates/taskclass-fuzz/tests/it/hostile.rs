//! Input made to keep the linter busy ends in the finding that says so, and in few of them. How long each takes is measured in a
//! release build and told in docs/src/hostile-input.md; here it would depend on the machine.

use jiff::civil::date;
use taskclass_lint::{Linter, Report, Scope};
use taskclass_source::{InMemory, RegistryPath};

/// What the YAML reader takes.
const FILE: usize = 256 * 1024;
const CLASS: &str = "task-classes/dependency-bump.yaml";
/// The section that names it.
const FROM_FILE: &str = "prompt: {file: prompts/hostile.md}\n";
const PROMPT: &str = "task-classes/prompts/hostile.md";

/// The shipped registry with other files in it.
fn lint(files: &[(&str, String)]) -> Report {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut registry = InMemory::new();
    for path in ["policy.yaml", "inventory.txt", CLASS] {
        registry.insert(RegistryPath::new(path).unwrap(), std::fs::read(root.join(path)).unwrap());
    }
    for partial in ["small-diff", "untrusted-text", "when-stuck"] {
        let path = format!("task-classes/prompts/partials/{partial}.md");
        registry.insert(RegistryPath::new(&path).unwrap(), std::fs::read(root.join(&path)).unwrap());
    }
    for (path, text) in files {
        registry.insert(RegistryPath::new(path).unwrap(), text.as_bytes());
    }
    Linter::new(date(2026, 11, 21)).lint(&registry, &Scope::All).unwrap()
}

/// The shipped class with `sections` in the place of its own of these names.
fn class(sections: &[&str]) -> String {
    let shipped = include_str!("../../../../task-classes/dependency-bump.yaml");
    let key = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
    let mut text = String::new();
    let mut inside = false;
    for line in shipped.split_inclusive('\n') {
        if !line.starts_with([' ', '#', '\n']) {
            inside = sections.iter().any(|section| key(section) == key(line));
        }
        if !inside {
            text.push_str(line);
        }
    }
    text + &sections.concat()
}

fn rules(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| &*finding.rule).collect()
}

#[track_caller]
fn says(files: &[(&str, String)], rule: &str) -> Report {
    let report = lint(files);
    let rules = rules(&report);
    assert!(rules.contains(&rule), "{rule} is not among {:?}", &rules[..rules.len().min(20)]);
    assert!(rules.len() <= 1000, "{} findings", rules.len());
    report
}

/// A class file of `text` alone.
#[track_caller]
fn alone(text: String, rule: &str) {
    let report = says(&[(CLASS, text)], rule);
    assert!(report.findings.len() <= 250, "{} findings", report.findings.len());
}

/// A class whose prompt is `text`.
#[track_caller]
fn prompt(text: String, rule: &str) -> Report {
    says(&[(CLASS, class(&[FROM_FILE])), (PROMPT, text)], rule)
}

fn filled(unit: &str, bytes: usize) -> String {
    unit.repeat(bytes / unit.len())
}

#[test]
fn yaml_too_large_or_too_deep_is_one_finding() {
    for bytes in [FILE, 1024 * 1024 - 64] {
        for unit in ["[", "{a: ", "- ", "? ", "x", "\t", "k: 1\n", "# taskclass: allow(unfenced-input): x\n"] {
            let rule = match unit {
                _ if bytes > FILE => "file-too-large",
                "[" | "{a: " | "- " => "file-too-large",
                "k: 1\n" => "duplicate-key",
                "x" => "wrong-type",
                "\t" | "# taskclass: allow(unfenced-input): x\n" => "unsupported-schema",
                _ => "yaml-syntax",
            };
            alone(filled(unit, bytes), rule);
        }
    }
    alone((0..700).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(), "file-too-large");
    alone((0..12_000).map(|key| format!("k{key}: 1\n")).collect(), "file-too-large");
}

#[test]
fn bombs_of_aliases_are_not_lit() {
    let bomb = (1..9).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", ")));
    alone(format!("a0: &a0 [x, x]\n{}", bomb.collect::<String>()), "yaml-alias");
    alone(format!("a: &x 1\nb: [{}]\n", filled("*x, ", 40_000)), "yaml-alias");
}

#[test]
fn more_than_a_class_can_have_is_said_once() {
    let examples: String = (0..1500)
        .map(|n| format!("  - {{name: e{n}, repository: acme/a, inputs: {{package: x, to: \"1\"}}}}\n"))
        .collect();
    let many = says(&[(CLASS, class(&[&format!("examples:\n{examples}")]))], "out-of-range");
    assert!(many.findings.len() < 20, "{:?}", rules(&many));
    let inputs: String =
        (0..2000).map(|n| format!("  i{n}: {{type: string, pattern: '\\w{{95}}x{n}', max_length: 9}}\n")).collect();
    let many = says(&[(CLASS, class(&[&format!("inputs:\n{inputs}")]))], "out-of-range");
    let told = rules(&many).iter().filter(|rule| **rule == "invalid-input").count();
    assert!(told <= 40 && many.findings.len() < 200, "{:?}", rules(&many));
    let patterns: String = (0..5000).map(|n| format!("acme/a{n}*, ")).collect();
    let names: String = (0..5000).map(|n| format!("acme/a{n}\n")).collect();
    let files = [(CLASS, class(&[&format!("repositories:\n  allow: [{patterns}]\n")])), ("inventory.txt", names)];
    says(&files, "out-of-range");
}

#[test]
fn patterns_are_bounded_in_what_they_cost() {
    for pattern in ["(a{1000}){1000}", "((((a){1000}){1000}){1000}){1000}", "(\\w{500}){500}"] {
        says(
            &[(CLASS, class(&[&format!("inputs:\n  package: {{type: string, pattern: '{pattern}'}}\n")]))],
            "invalid-input",
        );
    }
    // Backtracking would take longer than the universe has been there.
    let input = "inputs:\n  package: {type: string, pattern: '(a+)+$', max_length: 400}\n";
    let example = format!(
        "examples:\n  - {{name: one, repository: acme/svc-a, inputs: {{package: \"{}!\"}}}}\n",
        "a".repeat(300)
    );
    says(&[(CLASS, class(&[input, &example]))], "example-input-invalid");
    let stars: String = (0..100).map(|n| format!("\"acme/{}b{n}\", ", "*a".repeat(45))).collect();
    let names: String = (0..200).map(|n| format!("acme/{}{n}\n", "a".repeat(90))).collect();
    let files = [(CLASS, class(&[&format!("repositories:\n  allow: [{stars}]\n")])), ("inventory.txt", names)];
    says(&files, "dead-pattern");
}

#[test]
fn a_broken_inventory_is_told_of_within_bounds() {
    let report = says(&[("inventory.txt", filled("@\n", 300_000))], "invalid-inventory");
    assert!(rules(&report).iter().filter(|rule| **rule == "invalid-inventory").count() <= 201);
    let report = says(&[("inventory.txt", filled("x", 300_000))], "invalid-inventory");
    assert!(report.findings.iter().all(|finding| finding.message.len() < 1000));
}

#[test]
fn templates_are_bounded_before_they_are_parsed() {
    let deep = |open: &str, close: &str, count| format!("{{{{ {}1{} }}}}", open.repeat(count), close.repeat(count));
    for (text, rule) in [
        (filled("{{", 59_000), "template-syntax"),
        (filled("{%", 59_000), "template-syntax"),
        (filled("{#", 59_000), "template-syntax"),
        (filled("{{", 900_000), "prompt-too-long"),
        (deep("(", ")", 10_000), "template-syntax"),
        (deep("[", "]", 10_000), "template-syntax"),
        (deep("not ", "", 10_000), "template-syntax"),
        (deep("-", "", 10_000), "template-syntax"),
        (format!("{{{{ inputs.package{} }}}}", " | upper".repeat(5000)), "template-syntax"),
        (format!("{{{{ inputs.package{} }}}}", ".a".repeat(5000)), "template-syntax"),
        (format!("{{{{ {} }}}}", "9".repeat(50_000)), "template-syntax"),
        ("{{ \"x\" * 1000000000 }}".to_owned(), "template-syntax"),
        ("{% if 1 %}".repeat(2000), "template-syntax"),
        (format!("{{% if 1 %}}{}{{% endif %}}", "{% elif 1 %}".repeat(1900)), "template-syntax"),
        (filled("{{ a }}", 13_000), "undefined-variable"),
    ] {
        let head = text.chars().take(20).collect::<String>();
        let report = prompt(text, rule);
        assert!(report.findings.len() <= 250, "{head}: {} findings", report.findings.len());
    }
}

#[test]
fn renderings_end_at_their_bounds() {
    let list = "inputs:\n  package: {type: list, max_items: 1000, of: {type: string, max_length: 200}}\n";
    let values = vec!["x"; 1000].join(", ");
    let example = format!("examples:\n  - {{name: one, repository: acme/svc-a, inputs: {{package: [{values}]}}}}\n");
    for nested in [3, 15] {
        let (open, close) = ("{% for a in inputs.package %}".repeat(nested), "{% endfor %}".repeat(nested));
        let files = [(CLASS, class(&[list, FROM_FILE, &example])), (PROMPT, format!("{open}{{{{ a }}}}{close}"))];
        says(&files, "render-failed");
    }
    let long = "inputs:\n  package: {type: string, max_length: 20000}\n";
    let example =
        format!("examples:\n  - {{name: one, repository: acme/svc-a, inputs: {{package: {}}}}}\n", "x".repeat(20_000));
    let files = [(CLASS, class(&[long, FROM_FILE, &example])), (PROMPT, "{{ inputs.package }}".repeat(1900))];
    says(&files, "render-failed");
}

#[test]
fn includes_are_bounded_in_number_depth_and_size() {
    let include = |name: &str| format!("{{% include \"partials/{name}.md\" %}}");
    let partial = |name: &str| format!("task-classes/prompts/partials/{name}.md");
    let files: Vec<(String, String)> = (0..60).map(|n| (partial(&format!("p{n}")), "x".to_owned())).collect();
    let with = |text: String, files: &[(String, String)], rule: &str| {
        let mut all = vec![(CLASS, class(&[FROM_FILE])), (PROMPT, text)];
        all.extend(files.iter().map(|(path, text)| (path.as_str(), text.clone())));
        let report = says(&all, rule);
        assert!(report.findings.len() <= 300, "{} findings", report.findings.len());
    };
    let some: String = (0..60).map(|n| include(&format!("p{n}"))).collect();
    with(some.clone(), &files, "include-cycle");
    with(some, &[], "missing-partial");
    with(include("a"), &[(partial("a"), include("b")), (partial("b"), include("a"))], "include-cycle");
    let fan: Vec<(String, String)> =
        (0..9).map(|n| (partial(&format!("p{n}")), include(&format!("p{}", n + 1)).repeat(700))).collect();
    with(include("p0").repeat(1500), &fan, "include-cycle");
    let wide: Vec<(String, String)> =
        (0..50).map(|n| (partial(&format!("p{n}")), filled("{{a<b<c<d<e<f}}\n", 30_000))).collect();
    with((0..50).map(|n| include(&format!("p{n}"))).collect(), &wide, "undefined-variable");
}
