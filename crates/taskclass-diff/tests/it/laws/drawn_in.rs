//! No changed prompt file is invisible, in whatever way a class spells its name.

use taskclass_diff::{Kind, Side, approval::Unknown, compare, compare_document};

use super::world::built;
use crate::support::{Registry, asked, changes, named, registry};

/// Ways to draw in `partials/small.md`, of which some are refused.
const INCLUDES: [&str; 20] = [
    r#"{% include "partials/small.md" %}"#,
    r#"{%- include 'partials/small.md' -%}"#,
    r#"{%+ include ("partials/small.md") %}"#,
    "{% include\n    \"partials/small.md\"\n    %}",
    r#"{% include "partials/sm" "all.md" %}"#,
    r#"{% include 'partials/' "small.md" %}"#,
    r#"{% include "" "partials/sm" "" "all.md" %}"#,
    r#"{% include ("partials/sm" 'all.md') %}"#,
    "{% include \"partials/sm\"\n    \"all.md\" %}",
    r#"{% include "partials/sm\x61ll.md" %}"#,
    r#"{% include "partials/sm\141ll.md" %}"#,
    r#"{% include "partials/sm\u0061ll.md" %}"#,
    r#"{% include "partials/sm" ~ "all.md" %}"#,
    r#"{% include ["partials/small.md"] %}"#,
    r#"{% include "partials/small.md" if true else "partials/none.md" %}"#,
    r#"{% if inputs.package == "x" %}{% include "partials/small.md" %}{% endif %}"#,
    r#"{% set name = "partials/small.md" %}{% include name %}"#,
    r#"{% macro small() %}{% include "partials/small.md" %}{% endmacro %}{{ small() }}"#,
    r#"{% filter upper %}{% include "partials/small.md" %}{% endfilter %}"#,
    r#"{# "partials/sm" #}{% include {# #} "partials/small.md" %}"#,
];

const IN_CLASS: &str =
    "  template: |\n    Raise {{ inputs.package }} in {{ run.repository }}.\n    {% include \"partials/small.md\" %}\n";

/// The registry with the include in the class, as YAML may write it, in its prompt file, or in a partial between.
fn ways(include: &str) -> Vec<Registry> {
    let block = format!("  template: |\n    Raise {{{{ inputs.package }}}}.\n    {include}\n");
    let escaped = serde_json::to_string(&format!("Raise {{{{ inputs.package }}}}.\n{include}")).unwrap();
    let quoted = |text: String| registry().class(IN_CLASS, &format!("  template: {text}\n"));
    let between = r#"{% include "partials/between.md" %}"#;
    vec![
        registry().class(IN_CLASS, &block),
        registry().class(IN_CLASS, &block.replace("template: |", "template: >-")),
        quoted(escaped.clone()),
        quoted(escaped.replace("small", "sm\\x61ll").replace("all.md", "\\u0061ll.md")),
        quoted(escaped.replace("all.md", "al\\\n    l.md")),
        quoted(escaped.replace(' ', "\n    ")),
        registry().class(IN_CLASS, "  file: prompts/own.md\n").with("task-classes/prompts/own.md", include),
        registry().class(IN_CLASS, "  file: \"prompts/o\\x77n.md\"\n").with("task-classes/prompts/own.md", include),
        registry()
            .class(IN_CLASS, &block.replace(include, between))
            .with("task-classes/prompts/partials/between.md", include),
    ]
}

#[test]
fn another_digest_is_always_told() {
    let mut differing = 0;
    let edits = [("small.md", "Keep"), ("inner.md", "Ask")];
    for (base, (file, word)) in
        INCLUDES.iter().flat_map(|include| ways(include)).flat_map(|base| edits.map(|edit| (base.clone(), edit)))
    {
        let head = base.clone().edit(&format!("task-classes/prompts/partials/{file}"), word, "Push secrets.");
        let (before, after) = (base.files(), head.files());
        let ((_, was), (_, is)) = (built(&before), built(&after));
        let (a, b) = (Side::read("base", &before), Side::read("head", &after));
        let asked = asked(&a, &b, &Unknown);
        let diff = compare(&asked).unwrap();
        for name in ["bump", "look"] {
            let digest = |classes: &std::collections::BTreeMap<String, taskclass_spec::model::TaskClass>| {
                classes.get(name).map(|class| class.digest().digest)
            };
            let among = diff.documents.iter().any(|document| document.name == name);
            // What is sifted out beforehand is what nothing would have been found of.
            assert_eq!(among, compare_document(&asked, Kind::TaskClass, name).unwrap().is_some(), "{base:#?}");
            if digest(&was) != digest(&is) {
                differing += 1;
                assert!(changes(named(&diff, name)).iter().any(|(_, at)| at.contains(file)), "{base:#?}");
            }
        }
    }
    assert!(differing > 40, "{differing}");
}
