//! One test a target, so that they run beside each other.

use taskclass_fuzz::{TARGETS, corpus, smoke};

const SEED: u64 = 20_261_121;

fn holds(name: &str) {
    let target = taskclass_fuzz::target(name).unwrap();
    let inputs = corpus::load(&corpus::root(), target).unwrap();
    assert!(!inputs.is_empty(), "{name} has no corpus");
    let mut broken = smoke::replay(target, &inputs);
    broken.extend(smoke::mutated(target, &inputs, SEED, target.smoke, |_, _| {}));
    if let Some(first) = broken.first() {
        let shown = String::from_utf8_lossy(&first.bytes);
        panic!("{name} breaks at {} ({} inputs do): {}\n---\n{shown}", first.origin, broken.len(), first.said);
    }
}

macro_rules! targets {
    ($($name:ident),+) => {
        $(#[test]
        fn $name() {
            holds(stringify!($name));
        })+

        #[test]
        fn every_target_is_run() {
            assert_eq!(TARGETS.map(|target| target.name), [$(stringify!($name)),+]);
        }
    };
}

targets!(yaml_lint, registry_lint, template_render, patterns, signers, record, sshsig, lsp_edits, registry_diff);

#[test]
fn every_target_has_its_three_lines_for_cargo_fuzz() {
    let manifest = std::fs::read_to_string(corpus::root().join("Cargo.toml")).unwrap();
    for target in TARGETS {
        let file = corpus::root().join(format!("fuzz_targets/{}.rs", target.name));
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains(&format!("\"{}\"", target.name)), "{} runs another target", target.name);
        assert!(manifest.contains(&format!("name = \"{}\"", target.name)), "{} is not in fuzz/Cargo.toml", target.name);
    }
}
