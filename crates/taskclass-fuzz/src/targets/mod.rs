//! The targets, one file each.

mod lsp_edits;
mod patterns;
mod record;
mod registry_diff;
mod registry_lint;
mod signers;
mod sshsig;
mod template_render;
mod yaml_lint;

/// One body of a fuzz target.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name: of the file in `fuzz/fuzz_targets/`, and of its folders of inputs.
    pub name: &'static str,
    /// Panics if what must hold for these bytes does not.
    pub check: fn(&[u8]),
    /// Words of its language, which mutations put in.
    pub words: &'static [&'static str],
    /// How many mutated inputs the smoke run in the tests tries; a cheap target tries more.
    pub smoke: usize,
}

/// All of them.
pub const TARGETS: [Target; 9] = [
    Target { name: "yaml_lint", check: yaml_lint::check, words: yaml_lint::WORDS, smoke: 200 },
    Target { name: "registry_lint", check: registry_lint::check, words: registry_lint::WORDS, smoke: 100 },
    Target { name: "template_render", check: template_render::check, words: template_render::WORDS, smoke: 800 },
    Target { name: "patterns", check: patterns::check, words: patterns::WORDS, smoke: 1000 },
    Target { name: "signers", check: signers::check, words: signers::WORDS, smoke: 2000 },
    Target { name: "record", check: record::check, words: record::WORDS, smoke: 3000 },
    Target { name: "sshsig", check: sshsig::check, words: sshsig::WORDS, smoke: 3000 },
    Target { name: "lsp_edits", check: lsp_edits::check, words: lsp_edits::WORDS, smoke: 20 },
    Target { name: "registry_diff", check: registry_diff::check, words: registry_diff::WORDS, smoke: 100 },
];

/// The target of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
