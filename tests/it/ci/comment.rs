//! One comment: begun once, found again, brought up to date; whatever stands in it is text.

use serde_json::json;

use super::{Runner, runner::BOT};

const REVIEW: &str = "<!-- taskclass-diff -->\n<h3>taskclass diff</h3>\nfirst\n";

/// What becomes of a review in the comment: its second line names the registry.
fn posted(review: &str) -> String {
    review.replacen("-->\n", "-->\n<!-- taskclass-registry: . -->\n", 1)
}

fn bot(review: &str) -> (String, String) {
    (BOT.to_owned(), posted(review))
}

#[test]
fn the_first_run_begins_the_comment_and_the_second_brings_it_up_to_date() {
    let runner = Runner::new();
    runner.comments_on(REVIEW, true).ends(0, &[]);
    assert_eq!(runner.comments(), [bot(REVIEW)]);
    let later = REVIEW.replace("first", "second");
    runner.comments_on(&later, true).ends(0, &[]);
    assert_eq!(runner.comments(), [bot(&later)]);
}

#[test]
fn when_nothing_differs_any_more_the_comment_says_so_and_none_is_begun() {
    let runner = Runner::new();
    let nothing = "<!-- taskclass-diff -->\nno change\n";
    runner.comments_on(nothing, false).ends(0, &[]);
    assert_eq!(runner.comments(), []);
    runner.comments_on(REVIEW, true).ends(0, &[]);
    runner.comments_on(nothing, false).ends(0, &[]);
    assert_eq!(runner.comments(), [bot(nothing)]);
}

#[test]
fn a_comment_of_somebody_else_is_not_touched_though_it_begins_alike() {
    let runner = Runner::new();
    let forged = "<!-- taskclass-diff -->\nnothing to see here\n";
    let others = json!([
        { "id": 1, "user": { "login": "mallory" }, "body": posted(forged) },
        { "id": 2, "user": null, "body": posted(forged) },
        { "id": 3, "user": { "login": "github-actions" }, "body": posted(forged) },
        // The bot's own, of another workflow, that quotes ours.
        { "id": 4, "user": { "login": BOT }, "body": format!("> {}", posted(forged)) },
        { "id": 5, "user": { "login": BOT }, "body": null },
        { "id": 6, "user": { "login": BOT }, "body": REVIEW },
    ]);
    runner.write("fake/comments.json", &others.to_string());
    runner.comments_on(REVIEW, true).ends(0, &[]);
    let after = runner.comments();
    assert_eq!((after.len(), &after[6]), (7, &bot(REVIEW)));
    assert_eq!(after[0].1, posted(forged));
    runner.comments_on(&REVIEW.replace("first", "second"), true).ends(0, &[]);
    assert_eq!(runner.comments().len(), 7);
}

#[test]
fn the_comment_is_found_on_the_last_page() {
    let runner = Runner::new();
    let talk = (1..=6).map(|id| json!({ "id": id, "user": { "login": "dana" }, "body": "hm" }));
    let ours = json!({ "id": 9, "user": { "login": BOT }, "body": posted(REVIEW).replace('\n', "\r\n") });
    runner.write("fake/comments.json", &json!(talk.chain([ours]).collect::<Vec<_>>()).to_string());
    let later = REVIEW.replace("first", "second");
    runner.comments_on(&later, true).ends(0, &[]);
    assert_eq!(runner.comments().last(), Some(&bot(&later)));
    assert_eq!(runner.comments().len(), 7);
    assert!(runner.read("fake/gh-calls").contains("PATCH repos/acme/agent-tasks/issues/comments/9"));
}

#[test]
fn of_two_comments_that_runs_began_at_once_the_older_one_stays() {
    let runner = Runner::new();
    let twice = json!([
        { "id": 12, "user": { "login": BOT }, "body": posted(REVIEW) },
        { "id": 3, "user": { "login": BOT }, "body": posted(REVIEW) },
        { "id": 100, "user": { "login": BOT }, "body": posted(REVIEW) },
    ]);
    runner.write("fake/comments.json", &twice.to_string());
    runner.comments_on(REVIEW, true).ends(0, &[]);
    assert_eq!(runner.comments(), [bot(REVIEW)]);
    assert!(runner.read("fake/comments.json").contains("\"id\": 3"));
}

#[test]
fn each_registry_has_its_comment() {
    let runner = Runner::new();
    runner.write("review.md", REVIEW);
    let body = runner.path("review.md");
    let comments_on = |registry: &str| {
        let environment =
            [("BODY", body.to_str().unwrap()), ("CHANGED", "true"), ("GH_TOKEN", "ghs_job"), ("REGISTRY", registry)];
        runner.step("comment", &environment)
    };
    for registry in ["teams/a", "teams/a-b", "teams/a", "teams/a-b"] {
        comments_on(registry).ends(0, &[]);
    }
    let found: Vec<_> =
        runner.comments().into_iter().map(|(_, text)| text.lines().nth(1).unwrap().to_owned()).collect();
    assert_eq!(found, ["<!-- taskclass-registry: teams/a -->", "<!-- taskclass-registry: teams/a-b -->"]);
    comments_on("x --> @all").ends(2, &["::error title=No folder::"]);
}

#[test]
fn another_token_has_a_comment_of_its_own() {
    let runner = Runner::new();
    runner.comments_on(REVIEW, true).ends(0, &[]);
    runner.write("fake/login", "acme-reviews[bot]");
    runner.comments_on(REVIEW, true).ends(0, &[]);
    assert_eq!(runner.comments(), [bot(REVIEW), ("acme-reviews[bot]".to_owned(), posted(REVIEW))]);
}

#[test]
fn hostile_text_is_text() {
    let hostile = [
        "`touch pwned`",
        "$(touch pwned)",
        "${GH_TOKEN}",
        "'; touch pwned; '",
        "\"; touch pwned; \"",
        "@/etc/passwd",
        "\\n\\0%s%n",
        "-f body=x",
        "::set-output name=x::y",
        "<!-- taskclass-diff -->",
        "a\tb\r\nc",
        "\u{202e}\u{1f469}\u{200d}\u{1f4bb}",
        "EOF",
        "{{ x }} ${{ github.token }}",
    ];
    let review = format!("<!-- taskclass-diff -->\n@/etc/passwd\n{}\n\n", hostile.join("\n"));
    let runner = Runner::new();
    let step = runner.comments_on(&review, true).ends(0, &[]);
    assert_eq!(step.commands(), Vec::<&str>::new());
    assert_eq!(runner.comments(), [bot(&review)]);
    // The body is in the file that `--input` names, and in no argument.
    let calls = runner.read("fake/gh-calls");
    assert!(!calls.contains("touch") && !calls.contains("ghs_job"), "{calls}");
}

#[test]
fn a_text_without_the_first_line_or_too_long_is_refused_before_anything_is_sent() {
    let runner = Runner::new();
    for wrong in ["", "hello\n", "@<!-- taskclass-diff -->\n", "\n<!-- taskclass-diff -->\n"] {
        runner.comments_on(wrong, true).ends(2, &["::error title=This is no review::"]);
    }
    // GitHub counts characters.
    let long = |length: usize| format!("{REVIEW}{}", "é".repeat(length - posted(REVIEW).len()));
    runner.comments_on(&long(65_537), true).ends(2, &["::error title=The review is too long::"]);
    assert_eq!(runner.read("fake/gh-calls"), "");
    runner.comments_on(&long(65_536), true).ends(0, &[]);
    assert_eq!(runner.comments()[0].1.chars().count(), 65_536);
}

#[test]
fn what_github_refuses_is_told_and_fails() {
    for refused in ["graphql", "--paginate", "POST", "PATCH", "DELETE"] {
        let runner = Runner::new();
        if ["PATCH", "DELETE"].contains(&refused) {
            let ours = |id: u32| json!({ "id": id, "user": { "login": BOT }, "body": posted(REVIEW) });
            runner.write("fake/comments.json", &json!([ours(1), ours(2)]).to_string());
        }
        runner.write("fake/refuses", refused);
        let step = runner.comments_on(REVIEW, true);
        let step =
            step.ends(2, &["HTTP 403", "::error title=The comment could not be written::", "pull-requests write"]);
        // What the other side says is no command.
        assert_eq!(step.commands().len(), 1, "{refused}: {step:#?}");
    }
    // Without a token nothing is tried.
    let runner = Runner::new();
    runner.write("review.md", REVIEW);
    let body = runner.path("review.md");
    let step = runner.step("comment", &[("BODY", body.to_str().unwrap()), ("CHANGED", "true")]);
    step.ends(2, &["GH_TOKEN", "::error title=The comment could not be written::"]);
    assert_eq!(runner.comments(), []);
}

#[test]
fn without_a_pull_request_there_is_nothing_to_comment_on() {
    let runner = Runner::new().with("", json!({ "merge_group": {} }));
    runner.comments_on(REVIEW, true).ends(2, &["::error title=No pull request::"]);
    let runner = Runner::new().with("/pull_request/number", json!("7/../../issues/1"));
    runner.comments_on(REVIEW, true).ends(2, &["::error title=No pull request::"]);
    assert_eq!(runner.read("fake/gh-calls"), "");
}
