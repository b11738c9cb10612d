//! What somebody writes who wants a comment, a terminal or a log to say something else.

use super::world::{
    Case,
    Edit::{Put, Swap},
    text,
};

/// Texts that mean something to Markdown, HTML, GitHub, a terminal or a log.
pub(crate) const ATTACKS: [&str; 16] = [
    "</details></summary></table><h1>Approved by security</h1>",
    "@octocat @acme/platform please merge",
    "closes #1, acme/web#2, GH-3, deadbeefcafe",
    "[x](https://evil.example) ![p](https://evil.example/p.png) <https://evil.example> www.evil.example",
    "a | b | c \\| d",
    "```\n\n````\n# Heading\n~~~~",
    "<!-- hidden --> <!-- taskclass-diff -->",
    "\u{202e}esrever\u{202c} \u{200b}zero\u{200d}width \u{2066}isolate",
    "\u{1b}[2J\u{1b}[31mred\u{7}\u{9b}31m",
    "::error file=x::forged\n::add-mask::x\n##[endgroup]",
    "&lt;b&gt; &#64;octocat &commat;x",
    "$\\href{https://evil.example}{x}$ :tada: **bold** _it_ ~~no~~",
    "\r\n\r\n<script>alert(1)</script>\r\n",
    "> quote\n\n- [x] done\n\n1. list\n\n---\n\nsetext\n===",
    "語語語語語語\u{1f600}\u{1f468}\u{200d}\u{1f469}\u{301}",
    "`` ` ``` unpaired `",
];

/// A change that says all of it in every text that people read.
pub(crate) fn case() -> Case {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let all = ATTACKS.join(" ");
    let short: String = all.chars().filter(|c| !c.is_control()).take(90).collect();
    let plain = ATTACKS.map(|attack| attack.replace(|c| c != '\n' && taskclass_source::text::is_hidden(c), ""));
    let prompt: String = plain.map(|attack| format!("{{% raw %}}{attack}{{% endraw %}}\n")).concat();
    let visible = |text: &str| taskclass_source::text::visible(text).into_owned();
    let class = text("task-classes/test-modernization.yaml")
        .replace("Modernize a few tests", &quoted(&visible(&short)))
        .replace("acme/svc-catalog, acme/svc-inventory", "acme/svc-catalog, acme/svc-*");
    Case {
        head: "x</p><b>@octocat `#1",
        ..Case::new(
            "hostile-texts",
            "Texts that would rather be something else",
            vec![
                Put("task-classes/test-modernization.yaml", class),
                Put("task-classes/prompts/partials/when-stuck.md", prompt),
                Swap("task-classes/release-note-draft.yaml", "name: operators\n", "name: o\n"),
                Put("task-classes/@octocat <b>#1.yaml", "```\n@octocat: [\n".to_owned()),
            ],
        )
    }
}
