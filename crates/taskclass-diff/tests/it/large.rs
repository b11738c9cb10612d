//! However large a change is, its review stays small, and the worst of it is seen.

use taskclass_diff::{
    Diff, Effect, Kind,
    render::{json, markdown},
};

use crate::support::*;

/// The registry with so many more classes.
fn with_classes(count: usize, edit: impl Fn(String) -> String) -> Registry {
    (0..count).fold(registry(), |all, number| {
        let name = format!("class-{number:03}");
        all.with(&format!("task-classes/{name}.yaml"), &edit(other_class(&name)))
    })
}

/// An inventory with so many more repositories `acme/svc-x…`.
fn inventory(count: usize) -> String {
    (0..count).fold(INVENTORY.to_owned(), |all, number| all + &format!("acme/svc-x{number:05}\n"))
}

#[test]
fn of_very_many_repositories_few_are_named_and_all_are_counted() {
    let (classes, repositories) = (40, 5_000);
    let after = with_classes(classes, |text| text).with("inventory.txt", &inventory(repositories));
    let before = after.clone().policy("deny: [acme/infra-*]", "deny: [acme/infra-*, 'acme/svc-*']");
    for (diff, came) in [(diff(&before, &after), true), (diff(&after, &before), false)] {
        let reached = diff.documents.iter().filter(|document| document.kind == Kind::TaskClass);
        assert_eq!(reached.clone().count(), classes + 2);
        for class in reached {
            let reach = class.reach.as_ref().unwrap();
            let (moved, other) = if came { (&reach.added, &reach.removed) } else { (&reach.removed, &reach.added) };
            assert_eq!((moved.count, moved.sensitive, moved.named.len()), (repositories + 3, 1, 20));
            assert_eq!((other.count, other.named.len(), other.lists.len()), (0, 0, 0));
            assert_eq!(moved.lists.iter().map(|list| list.count).collect::<Vec<_>>(), [repositories + 3]);
            assert_eq!(moved.named[0].repository.as_str(), "acme/svc-payments");
            assert!(moved.named[1..].is_sorted_by(|a, b| a.repository < b.repository));
        }
        let text = json(&diff);
        assert!(text.len() < 15_000 * diff.documents.len(), "{} bytes", text.len());
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let reach = &value["documents"][1]["reach"];
        let side = if came { "added" } else { "removed" };
        assert_eq!(reach[format!("{side}_count")], repositories + 3);
        assert_eq!(reach[format!("{side}_sensitive")], 1);
        assert_eq!(reach[side].as_array().unwrap().len(), 20);
        assert!(markdown(&diff).contains("and 4983 more"));
    }
}

/// Whoever is not named is a witness all the same.
#[test]
fn each_of_very_many_new_repositories_stands_under_a_change_that_widens() {
    let from = "  allow: ['acme/svc-*']\n  deny: ['acme/svc-*-prod']\n";
    let to = "  allow: ['acme/svc-*', 'acme/a*']\n  deny: ['acme/svc-*a-prod', 'acme/svc-*b-prod']\n";
    let many = (0..60).fold(INVENTORY.to_owned(), |all, number| all + &format!("acme/a{number:02}\n"));
    let before = registry().with("inventory.txt", &(many + "acme/svc-zc-prod\n"));
    let diff = diff(&before, &before.clone().class(from, to));
    let class = named(&diff, "bump");
    let added = &class.reach.as_ref().unwrap().added;
    assert_eq!((added.count, added.named.len()), (62, 20));
    assert!(added.named.iter().all(|one| one.path.to_string() == "repositories.allow"));
    assert_eq!(added.lists.iter().map(|list| list.count).collect::<Vec<_>>(), [60, 2]);
    let widens = changes(class).into_iter().filter(|(effect, _)| *effect == Effect::Widens);
    let places: Vec<String> = widens.map(|(_, path)| path).collect();
    for list in ["repositories.allow", "repositories.deny"] {
        assert!(places.iter().any(|place| place.starts_with(list)), "{places:?}");
    }
}

/// 300 classes with a harmless widening, and one that is not.
fn flooded() -> Diff {
    let worst = |text: String| text.replace("name: class-000", "name: zz-prod").replace("risk: low", "risk: high");
    let before = with_classes(300, |text| text)
        .with("inventory.txt", &inventory(500))
        .with("task-classes/zz-prod.yaml", &worst(other_class("class-000")));
    let after = (0..300).fold(before.clone(), |all, number| {
        all.edit(&format!("task-classes/class-{number:03}.yaml"), "per_day: 500", "per_day: 501")
    });
    let after =
        ["risk: high → risk: low", "'acme/svc-*' → 'acme/*'", "'src/**' → '**'"].iter().fold(after, |all, edit| {
            let (from, to) = edit.split_once(" → ").unwrap();
            all.edit("task-classes/zz-prod.yaml", from, to)
        });
    diff(&before, &after)
}

#[test]
fn the_worst_is_not_flooded_out_of_the_comment() {
    let diff = flooded();
    assert_eq!(diff.documents.len(), 301);
    assert!(diff.documents.iter().all(|document| document.effect() == Effect::Widens));
    assert_eq!(diff.documents[0].name, "zz-prod");
    let comment = markdown(&diff);
    let row = comment.find("<tr><td><code>zz-prod</code>").unwrap();
    let details = comment.find("<summary><b>widens</b> <code>zz-prod</code>").unwrap();
    let other = |what: &str| comment.find(&format!("{what}<code>class-")).unwrap();
    assert!(row < other("<tr><td>") && details < other("<summary><b>widens</b> "));
    // There are some that the comment has no room for, and it is none that reaches more.
    assert!(!comment.contains("<summary><b>widens</b> <code>class-299</code>"));
}

#[test]
fn within_an_effect_risk_comes_first_then_what_is_newly_reached_then_how_much_widens() {
    let class = |name: &str| format!("task-classes/{name}.yaml");
    let names = ["a-money", "b-two", "c-reach", "d-sensitive", "e-risk"];
    let before = names.iter().fold(registry(), |all, name| all.with(&class(name), &other_class(name)));
    let risky = |registry: Registry| registry.edit(&class("e-risk"), "risk: low", "risk: medium");
    let before = risky(before).edit(
        &class("d-sensitive"),
        "deny: ['acme/svc-*-prod']",
        "deny: ['acme/svc-p*', 'acme/svc-*-prod']",
    );
    let after = names.iter().fold(before.clone(), |all, name| all.edit(&class(name), "per_day: 500", "per_day: 501"));
    let after = after
        .edit(&class("b-two"), "per_hour: 10", "per_hour: 11")
        .edit(&class("c-reach"), "allow: ['acme/svc-*']", "allow: ['acme/svc-*', 'acme/web-*']")
        .edit(&class("d-sensitive"), "deny: ['acme/svc-p*', 'acme/svc-*-prod']", "deny: ['acme/svc-*-prod']");
    let diff = diff(&before, &after);
    let order: Vec<&str> = diff.documents.iter().map(|document| document.name.as_str()).collect();
    assert_eq!(order, ["e-risk", "d-sensitive", "c-reach", "b-two", "a-money"]);
}

/// A partial in which every line stands elsewhere, drawn in by many classes.
#[test]
fn a_partial_that_is_shuffled_is_told_alike_in_every_class() {
    let text = |from: usize| (0..400).map(|line| format!("Rule {}.\n", (line * from) % 401)).collect::<String>();
    let partial = "task-classes/prompts/partials/small.md";
    let before =
        with_classes(30, |class| class.replace("look at {{", "{% include \"partials/small.md\" %}\n    look at {{"));
    let (before, after) = (before.clone().with(partial, &text(3)), before.with(partial, &text(5)));
    let diff = diff(&before, &after);
    let told: Vec<usize> = diff
        .documents
        .iter()
        .flat_map(|document| &document.examples)
        .map(|example| example.prompt.hunks.iter().map(|hunk| hunk.lines.len()).sum())
        .collect();
    assert!(told.len() > 30, "{}", told.len());
    assert!(told[1..].iter().all(|lines| lines.abs_diff(told[1]) <= 6), "{told:?}");
}
