use super::*;
use crate::scenario::Span;

fn sense(text: &str) -> String {
    match Scenario::from_yaml(text) {
        Err(ScenarioError::Sense { at, .. }) => at,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn the_built_in_file_makes_sense() {
    read(BUILT_IN).unwrap();
    let scenario = Scenario::default();
    check::check(&scenario).unwrap();
    assert_eq!(scenario.repositories.len(), 12);
    assert_eq!(scenario.tokens.len(), 1);
}

#[test]
fn a_file_changes_only_what_it_has() {
    let text = "schema: simulation/v1\nagents: [{sessions: [{work: 1m, usage: null, files: []}]}]\n";
    let scenario = Scenario::from_yaml(text).unwrap();
    assert_eq!(scenario.repositories.len(), 12);
    assert_eq!(scenario.agents.len(), Scenario::default().agents.len() + 1);
    let session = &scenario.agents[0].sessions.as_ref().unwrap()[0];
    assert_eq!(session.work, Span::minutes(1));
    assert_eq!(session.queue, Span::seconds(20));
    assert!(session.usage.is_none());
}

#[test]
fn every_error_says_where() {
    for text in [
        "schema: simulation/v1\nusres: []\n",
        "schema: simulation/v1\nagents: [{sessions: [{work: fast}]}]\n",
        "schema: simulation/v1\nfaults: [{operation: users/get-authenticated, do: {kind: explode}}]\n",
        "schema: simulation/v1\nfaults: [{operation: users/get-authenticated, do: {kind: drop, extra: 1}}]\n",
        "agents: []\n",
    ] {
        let error = Scenario::from_yaml(text).unwrap_err();
        assert!(matches!(error, ScenarioError::Form(_)), "{error}");
    }
    for (text, at) in [
        ("schema: other\n", "schema"),
        ("schema: simulation/v1\ntokens: [{token: ghp_x, login: nobody, kind: classic}]\n", "tokens[0].login"),
        ("schema: simulation/v1\ntokens: [{token: ghp_x, login: octocat, kind: app_user}]\n", "tokens[0].token"),
        ("schema: simulation/v1\nrepositories: [{name: acme}]\n", "repositories[0].name"),
        ("schema: simulation/v1\nagents: [{sessions: [{outcome: won}]}]\n", "agents[0].sessions[0].outcome"),
        ("schema: simulation/v1\nagents: [{sessions: [{usage: {}}]}]\n", "agents[0].sessions[0].usage"),
        ("schema: simulation/v1\nfaults: [{operation: tasks/nap, do: {kind: drop}}]\n", "faults[0].operation"),
    ] {
        assert_eq!(sense(text), at);
    }
}

#[test]
fn tokens_are_never_shown() {
    let text = format!("{:?}", Scenario::default());
    assert!(text.contains("github_pat_[hidden]"));
    assert!(!text.contains("github_pat_simulator"));
}
