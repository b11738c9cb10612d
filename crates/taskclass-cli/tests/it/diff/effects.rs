//! What is said of a change's effect, and which exit code it gives.

use super::registry::{CLASS, NAME, PROMPT, Registry, Said};

fn only(said: &Said) -> (String, String) {
    assert_eq!(said.code, 0, "{said:?}");
    let effects = said.effects();
    assert_eq!(effects.len(), 1, "{said:?}");
    effects[0].clone()
}

#[test]
fn without_sides_the_work_tree_is_held_against_head() {
    let registry = Registry::new();
    let said = registry.diff(&[]);
    assert!(said.code == 0 && said.out.starts_with("nothing differs between HEAD ("), "{said:?}");
    registry.edit(CLASS, "per_task: 30", "per_task: 40");
    let said = registry.diff(&[]);
    assert!(said.out.contains("and the work tree: it widens"), "{said:?}");
    assert_eq!(only(&registry.diff(&["--format", "json"])), (NAME.to_owned(), "widens".to_owned()));
    registry.commit();
    assert!(registry.diff(&["--format", "json"]).effects().is_empty());
    assert_eq!(only(&registry.diff(&["HEAD~1", "--format", "json"])).1, "widens");
    // The other way round it narrows.
    assert_eq!(only(&registry.diff(&["HEAD", "HEAD~1", "--format", "json"])).1, "narrows");
    // What is not committed is no part of a commit.
    registry.edit(CLASS, "per_task: 40", "per_task: 50");
    assert!(registry.diff(&["HEAD", "HEAD", "--format", "json"]).effects().is_empty());
}

#[test]
fn the_exit_code_is_by_the_gravest_effect_and_not_by_the_format() {
    let edits: [(&str, &str, &str, &str, [i32; 3]); 5] = [
        ("neutral", CLASS, "title: Repair", "title: Mend", [0, 0, 1]),
        ("narrows", CLASS, "per_task: 30", "per_task: 20", [0, 0, 1]),
        ("rewrites", PROMPT, "links", "dead links", [0, 1, 1]),
        ("widens", CLASS, "per_task: 30", "per_task: 40", [1, 1, 1]),
        ("may_widen", CLASS, "budget: {", "budget: [", [1, 1, 1]),
    ];
    for (effect, path, from, to, codes) in edits {
        let registry = Registry::new();
        registry.edit(path, from, to);
        registry.commit();
        let diff = |more: &[&str]| registry.diff(&[&["HEAD~1", "HEAD"], more].concat());
        assert_eq!(only(&diff(&["--format", "json"])).1, effect);
        for (fail_on, code) in ["widens", "rewrites", "any"].into_iter().zip(codes) {
            for format in ["human", "json", "markdown"] {
                let said = diff(&["--fail-on", fail_on, "--format", format]);
                assert_eq!(said.code, code, "{effect} {fail_on} {format}: {said:?}");
                assert_eq!(said.err.contains("fails: docs-link-repair"), code == 1, "{said:?}");
                assert_eq!(said.out, diff(&["--format", format]).out, "what is shown does not depend on what fails");
            }
        }
        for format in ["human", "json", "markdown"] {
            let (plain, quiet) = (diff(&["--format", format]), diff(&["--format", format, "-q", "--fail-on", "any"]));
            assert_eq!((plain.code, quiet.err.as_str()), (0, ""));
        }
    }
    let registry = Registry::new();
    assert_eq!(registry.diff(&["--fail-on", "any"]).code, 0, "nothing differs");
}
