use proptest::prelude::*;

use super::*;

fn effort() -> Effort {
    Effort::for_a_document()
}

fn paths(texts: &[&str]) -> Vec<PathPattern> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn beyond(one: &str, others: &[&str]) -> Beyond {
    let others = paths(others);
    one.parse::<PathPattern>().unwrap().beyond(&others.iter().collect::<Vec<_>>(), None, &mut effort())
}

fn text(text: &str) -> Beyond {
    Beyond::Text(text.to_owned())
}

#[test]
fn what_single_patterns_leave_over_is_found_or_there_is_nothing() {
    assert_eq!(beyond("src/**", &["src/*", "src/**/*"]), Beyond::Nothing);
    assert_eq!(beyond("**", &["*", "*/**"]), Beyond::Nothing);
    assert_eq!(beyond("src/*", &["src/*.rs"]), text("src/example"));
    assert_eq!(beyond("a/**/b", &["a/*/**/b"]), text("a/b"));
    assert_eq!(beyond("docs/**", &["docs/*.md", "docs/**/*.md"]), text("docs/example"));
    assert_eq!(beyond("*a*", &["*aa*", "a", "xa", "*ax", "examplea*"]), text("ya"));
}

#[test]
fn repositories_have_no_case_and_branches_are_branches() {
    let of = |text: &str| text.parse::<RepoPattern>().unwrap();
    assert_eq!(of("Acme/Svc-*").beyond(&[&of("acme/svc-*")], None, &mut effort()), Beyond::Nothing);
    assert_eq!(of("acme/*").beyond(&[&of("acme/svc-*")], None, &mut effort()), text("acme/example"));
    let deny = of("acme/*-prod");
    assert_eq!(deny.beyond(&[], Some(&[&of("zeta/*")]), &mut effort()), Beyond::Nothing);
    assert_eq!(deny.beyond(&[], Some(&[&of("acme/svc-*")]), &mut effort()), text("acme/svc-prod"));
    let of = |text: &str| text.parse::<RefPattern>().unwrap();
    assert_eq!(of("release/*").beyond(&[&of("main")], None, &mut effort()), text("release/example"));
    // No branch begins a segment with a dot, so nothing is known of one.
    assert_eq!(of(".x*").beyond(&[], None, &mut effort()), Beyond::Unknown);
}

#[test]
fn hostile_lists_are_given_up() {
    let many: Vec<RepoPattern> = (0..1000).map(|n| format!("acme/*{n}*{}*", n * 7 % 13).parse().unwrap()).collect();
    let all: RepoPattern = "acme/*1*".parse().unwrap();
    let mut effort = effort();
    let others: Vec<&RepoPattern> = many.iter().collect();
    for number in 0..100 {
        let pattern: RepoPattern = format!("acme/*{number}*").parse().unwrap();
        pattern.beyond(&others, Some(&[&all]), &mut effort);
    }
    // Each question has its end, and all together have one.
    let pattern: RepoPattern = "acme/*q*".parse().unwrap();
    while effort.spend(0) {
        pattern.beyond(&others, Some(&[&all]), &mut effort);
    }
    assert_eq!(pattern.beyond(&[], None, &mut effort), Beyond::Unknown);
}

fn every_path() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut from = 0;
    for _ in 0..6 {
        let end = all.len();
        for at in from..end {
            all.extend(["a", "b", "/"].map(|one| all[at].clone() + one));
        }
        from = end;
    }
    all.retain(|path| path.split('/').all(|segment| !segment.is_empty()));
    all
}

fn pattern() -> impl Strategy<Value = PathPattern> {
    "(a|b|/|[*]|[*][*]|/[*][*]/|[*][*]/){1,5}".prop_filter_map("no pattern", |text: String| text.parse().ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Held to the matcher: a text that is found is one, and where there is none no path is one.
    #[test]
    fn what_is_found_is_so(
        one in pattern(),
        others in prop::collection::vec(pattern(), 0..4),
        within in prop::option::of(prop::collection::vec(pattern(), 0..3)),
    ) {
        thread_local! { static PATHS: Vec<String> = every_path(); }
        let refs: Vec<&PathPattern> = others.iter().collect();
        let inner: Option<Vec<&PathPattern>> = within.as_ref().map(|list| list.iter().collect());
        let fits = |path: &str| {
            one.matches(path)
                && !others.iter().any(|other| other.matches(path))
                && within.as_ref().is_none_or(|list| list.iter().any(|other| other.matches(path)))
        };
        match one.beyond(&refs, inner.as_deref(), &mut effort()) {
            Beyond::Text(text) => prop_assert!(fits(&text), "{text}"),
            Beyond::Nothing => PATHS.with(|paths| {
                let found = paths.iter().find(|path| fits(path));
                prop_assert!(found.is_none(), "{found:?}");
                Ok(())
            })?,
            Beyond::Unknown => prop_assert!(false, "too much"),
        }
    }
}
