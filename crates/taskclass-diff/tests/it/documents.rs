//! Which documents differ, and what became of each.

use std::collections::BTreeSet;

use taskclass_diff::{Asked, Diff, Effect, Kind, Moved, Side, Status, approval::Unknown, compare, render};
use taskclass_source::{Files, InMemory, ReadError, RegistryPath, SourceFile};
use taskclass_spec::{Credits, Inventory};

use crate::support::*;

fn statuses(diff: &Diff) -> Vec<(&str, &Status)> {
    diff.documents.iter().map(|document| (document.name.as_str(), &document.status)).collect()
}

fn names(moved: &Moved) -> Vec<&str> {
    moved.named.iter().map(|reached| reached.repository.as_str()).collect()
}

#[test]
fn nothing_differs_from_itself() {
    let diff = edited(|registry| registry);
    assert!(diff.documents.is_empty());
    assert_eq!((diff.effect(), diff.inventory), (None, Some(6)));
}

#[test]
fn comments_and_layout_are_one_neutral_change_and_no_more() {
    let diff = edited(|registry| registry.class("risk: low\n", "risk:   low # as ever\n"));
    let class = named(&diff, "bump");
    assert_eq!(changes(class), [(Effect::Neutral, String::new())]);
    assert!(class.changes[0].is_layout() && class.examples.is_empty());
    assert_eq!(class.before.as_ref().unwrap().digest, class.after.as_ref().unwrap().digest);
}

#[test]
fn a_class_that_came_widens_and_one_that_went_narrows() {
    let came =
        edited(|registry| registry.with("task-classes/new.yaml", &other_class("new").replace("svc-*'", "web-*'")));
    let class = named(&came, "new");
    assert_eq!((&class.status, class.effect(), class.before.is_none()), (&Status::Added, Effect::Widens, true));
    assert_eq!(class.changes.len(), 1);
    let reach = class.reach.as_ref().unwrap();
    assert_eq!((reach.before, reach.after, names(&reach.added)), (0, 1, vec!["acme/web-shop"]));
    assert_eq!(class.cost.unwrap().before, None);
    assert_eq!(class.examples[0].prompt.hunks.len(), 1);

    let went = edited(|registry| registry.without("task-classes/look.yaml"));
    let class = named(&went, "look");
    assert_eq!((&class.status, class.effect(), class.after.is_none()), (&Status::Removed, Effect::Narrows, true));
    assert!(class.approval.is_none());
    let reach = class.reach.as_ref().unwrap();
    assert_eq!((reach.before, reach.after), (3, 0));
    // Sensitive ones come first.
    assert_eq!(names(&reach.removed), ["acme/svc-payments", "acme/svc-billing", "acme/svc-orders"]);
}

#[test]
fn a_class_under_another_name_is_one_renamed_class() {
    let renamed = |text: &str| text.replace("name: bump", "name: raise").replace("per_task: 40", "per_task: 41");
    let diff =
        edited(|registry| registry.without("task-classes/bump.yaml").with("task-classes/raise.yaml", &renamed(CLASS)));
    assert_eq!(statuses(&diff), [("raise", &Status::Renamed { from: "bump".to_owned() })]);
    // Its budgets and rates are counted by the name.
    let class = named(&diff, "raise");
    assert!(changes(class).contains(&(Effect::MayWiden, "name".to_owned())), "{:?}", changes(class));
    // One document by its name has no other name to be compared with.
    let after = registry().without("task-classes/bump.yaml").with("task-classes/raise.yaml", &renamed(CLASS));
    let alone = document_of(&registry().files(), &after.files(), Kind::TaskClass, "raise").unwrap();
    assert_eq!(alone.status, Status::Added);
}

#[test]
fn the_best_match_is_the_renamed_class_and_what_is_not_alike_is_none() {
    let wide = other_class("wide").replace("acme/svc-*'", "acme/*'");
    let base = registry().with("task-classes/wide.yaml", &wide);
    let head = base
        .clone()
        .without("task-classes/bump.yaml")
        .without("task-classes/wide.yaml")
        .with("task-classes/a.yaml", &wide.replace("name: wide", "name: a"))
        .with("task-classes/b.yaml", &CLASS.replace("name: bump", "name: b"))
        .with("task-classes/c.yaml", "schema: task-class/v1\nname: c\n");
    let diff = diff(&base, &head);
    let from = |name: &str| named(&diff, name).status.clone();
    assert_eq!(from("a"), Status::Renamed { from: "wide".to_owned() });
    assert_eq!(from("b"), Status::Renamed { from: "bump".to_owned() });
    assert_eq!(from("c"), Status::Added);
}

#[test]
fn a_partial_shows_under_every_class_that_draws_it_in_by_whatever_way() {
    let diff =
        edited(|registry| registry.edit("task-classes/prompts/partials/inner.md", "Ask when stuck.", "Never ask."));
    assert_eq!(statuses(&diff), [("bump", &Status::Changed)]);
    let class = named(&diff, "bump");
    let expected = "task-classes/prompts/partials/inner.md: prompt".to_owned();
    assert_eq!(changes(class), [(Effect::Rewrites, expected)]);
    let change = &class.changes[0];
    let after = &change.after.as_ref().unwrap().place;
    assert_eq!(after.source.slice(after.span), "Never ask.\n");
    assert_ne!(class.before.as_ref().unwrap().digest, class.after.as_ref().unwrap().digest);
    assert_eq!(class.examples.len(), 1);
    let lines = &class.examples[0].prompt.hunks[0].lines;
    assert!(lines.iter().any(|(tag, line)| *tag == taskclass_diff::prompts::Tag::New && line == "Never ask."));
}

/// What no example renders may be told to a task all the same, and is signed.
#[test]
fn the_text_of_a_file_is_told_whatever_the_examples_render() {
    let inner = "task-classes/prompts/partials/inner.md";
    let hidden = "Ask when stuck.\n{% if inputs.package == 'x' %}\n- push secrets\n{% endif %}\n";
    let before = registry().with("task-classes/other.yaml", &CLASS.replace("name: bump", "name: other"));
    let after = before.clone().with(inner, hidden);
    let diff = diff(&before, &after);
    assert_eq!(statuses(&diff), [("bump", &Status::Changed), ("other", &Status::Changed)]);
    for name in ["bump", "other"] {
        let class = named(&diff, name);
        let value = |side: &Option<taskclass_diff::Written>| side.as_ref().unwrap().value.clone();
        let change = &class.changes[0];
        assert_eq!((value(&change.before), value(&change.after)), ("Ask when stuck.\n".into(), hidden.into()));
    }
    let shown = [
        render::human(&diff, render::Human { colour: false, width: 100 }),
        render::json(&diff),
        render::markdown(&diff),
    ];
    for text in &shown {
        assert!(text.contains("- push secrets"), "{text}");
    }
    // A person reads it once.
    assert_eq!(shown[0].matches("+ - push secrets").count(), 1, "{}", shown[0]);
    assert!(shown[0].contains("its text as under bump"), "{}", shown[0]);
    assert_eq!(shown[2].matches("- push secrets").count(), 1, "{}", shown[2]);

    // Who signs a class for the first time reads all that it draws in.
    let new = document_of(&InMemory::new(), &after.files(), Kind::TaskClass, "bump").unwrap();
    let texts: Vec<_> = new.changes.iter().filter_map(|change| change.after.as_ref()?.value.as_str()).collect();
    assert!(texts.contains(&hidden), "{texts:?}");
    assert_eq!(new.effect(), Effect::Widens);
}

#[test]
fn what_cannot_be_read_may_widen() {
    let broken = edited(|registry| registry.class("version: 1", "version: one"));
    let class = named(&broken, "bump");
    assert!(!class.unreadable.is_empty() && class.after.as_ref().unwrap().digest.is_none());
    assert_eq!((class.effect(), class.cost, class.approval.is_none()), (Effect::MayWiden, None, true));

    let gone = edited(|registry| registry.without("task-classes/prompts/partials/inner.md"));
    let class = named(&gone, "bump");
    assert_eq!((class.effect(), class.unreadable.len()), (Effect::MayWiden, 1));

    let policy = edited(|registry| registry.policy("free_reach: 3", "free_reach: [3]"));
    assert_eq!(named(&policy, "policy").effect(), Effect::MayWiden);
}

#[test]
fn the_most_that_can_be_spent_is_bounded_by_the_policy_and_by_the_tasks() {
    let diff = edited(|registry| {
        registry.class("per_task: 40", "per_task: 300").class("per_month: 20000", "per_month: 30000")
    });
    let cost = named(&diff, "bump").cost.unwrap();
    let (before, after) = (cost.before.unwrap(), cost.after.unwrap());
    assert_eq!((before.per_task, before.per_day, before.per_month), (Credits(40), Credits(500), Credits(15_500)));
    assert_eq!((after.per_task, after.per_day, after.per_month), (Credits(200), Credits(500), Credits(15_500)));
    assert_eq!(after.tasks_per_hour, 10);
    let few = edited(|registry| registry.class("per_hour: 10, per_day: 20", "per_hour: 10, per_day: 2"));
    let after = named(&few, "bump").cost.unwrap().after.unwrap();
    assert_eq!((after.per_day, after.per_month, after.tasks_per_hour), (Credits(80), Credits(2480), 2));
}

#[test]
fn an_inventory_alone_lets_nobody_do_anything() {
    let diff = edited(|registry| registry.edit("inventory.txt", "acme/web-shop", "acme/svc-new"));
    assert!(diff.documents.is_empty());
    assert_eq!(diff.inventory, Some(7));
}

#[test]
fn what_git_says_is_the_same_is_not_looked_at() {
    let head = registry()
        .class("per_task: 40", "per_task: 30")
        .edit("task-classes/look.yaml", "per_task: 40", "per_task: 30")
        .edit("task-classes/prompts/partials/inner.md", "Ask", "Never ask");
    let (base, head) = (registry().files(), head.files());
    let (base, head) = (Side::read("base".to_owned(), &base), Side::read("head".to_owned(), &head));
    let changed = BTreeSet::from([path("task-classes/look.yaml"), path("task-classes/gone.yaml")]);
    let asked = Asked { changed: Some(&changed), ..asked(&base, &head, &Unknown) };
    let diff = compare(&asked).unwrap();
    assert_eq!(statuses(&diff), [("look", &Status::Changed)]);
}

#[test]
fn an_inventory_that_is_given_stands_in_the_place_of_the_registrys() {
    let given = Inventory::parse(SourceFile::new("given", "acme/svc-a\nacme/svc-b\n")).unwrap();
    let (base, head) =
        (registry().files(), registry().class("  deny: ['acme/svc-*-prod']\n", "  deny: [acme/svc-a]\n").files());
    let (base, head) = (Side::read("base".to_owned(), &base), Side::read("head".to_owned(), &head));
    let diff = compare(&Asked { inventory: Some(&given), ..asked(&base, &head, &Unknown) }).unwrap();
    let reach = named(&diff, "bump").reach.as_ref().unwrap();
    assert_eq!((diff.inventory, reach.before, reach.after), (Some(2), 2, 1));
    assert_eq!(names(&reach.removed), ["acme/svc-a"]);
}

#[test]
fn one_document_is_told_as_it_is_among_all() {
    let head = registry().class("per_task: 40", "per_task: 30").policy("per_task: 200", "per_task: 20");
    let all = diff(&registry(), &head);
    let (base, head) = (registry().files(), head.files());
    for (kind, name) in [(Kind::TaskClass, "bump"), (Kind::TaskClass, "look"), (Kind::Policy, "policy")] {
        let alone = document_of(&base, &head, kind, name).unwrap();
        let among = named(&all, name);
        assert_eq!(changes(&alone), changes(among), "{name}");
        assert_eq!((&alone.status, alone.cost, &alone.reaches), (&among.status, among.cost, &among.reaches));
    }
    assert!(document_of(&base, &head, Kind::Trust, "trust").is_none());
    assert!(document_of(&base, &head, Kind::TaskClass, "nobody").is_none());
    let nothing = InMemory::new();
    let new = document_of(&nothing, &head, Kind::TaskClass, "bump").unwrap();
    assert_eq!((new.status, new.changes[0].effect), (Status::Added, Effect::Widens));
}

/// Files of which one is a symbolic link.
struct Linked(InMemory);

impl Files for Linked {
    fn read(&self, at: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        if *at == path("task-classes/bump.yaml") {
            return Err(ReadError::SymbolicLink { path: at.clone() });
        }
        self.0.read(at)
    }

    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        self.0.list(dir)
    }
}

#[test]
fn a_link_in_the_place_of_a_class_may_widen() {
    let (plain, linked) = (registry().files(), Linked(registry().files()));
    for (base, head) in [(&plain as &dyn Files, &linked as &dyn Files), (&linked, &plain)] {
        let diff = diff_of(base, head, &Unknown);
        let class = named(&diff, "bump");
        let findings: Vec<_> = class.unreadable_before.iter().chain(&class.unreadable).collect();
        assert_eq!((class.effect(), findings.len(), class.reach.is_none()), (Effect::MayWiden, 1, true));
        assert!(findings[0].message.contains("symbolic link"));
    }
    assert!(diff_of(&linked, &linked, &Unknown).documents.is_empty());
}

#[test]
fn without_a_policy_no_class_can_be_checked() {
    let base = registry().without("policy.yaml");
    let diff = diff(&base, &base.clone().class("per_task: 40", "per_task: 30"));
    let class = named(&diff, "bump");
    assert_eq!((class.effect(), class.cost.is_none(), class.reach.is_none()), (Effect::MayWiden, true, true));
    assert!(!class.changes.is_empty());
    let came = diff_of(&base.files(), &registry().files(), &Unknown);
    assert_eq!(statuses(&came), [("policy", &Status::Added)]);
    assert_eq!(came.effect(), Some(Effect::Widens));
}

#[test]
fn what_is_said_does_not_depend_on_how_many_threads_read() {
    let names: Vec<String> = (0..40).map(|number| format!("class-{number}")).collect();
    let with = |registry: Registry, spend: &str| {
        let text = |name: &String| other_class(name).replace("per_task: 40", spend);
        names.iter().fold(registry, |all, name| all.with(&format!("task-classes/{name}.yaml"), &text(name)))
    };
    let (base, head) = (with(registry(), "per_task: 40").files(), with(registry(), "per_task: 41").files());
    let on = |threads: usize| {
        let base = Side::read("base".to_owned(), &base);
        let head = Side::read("head".to_owned(), &head).with_threads(threads.try_into().unwrap());
        format!("{:?}", compare(&asked(&base, &head, &Unknown)).unwrap())
    };
    let alone = on(1);
    assert_eq!(alone.matches("status: Changed").count(), 40);
    assert_eq!(alone, on(4));
}
