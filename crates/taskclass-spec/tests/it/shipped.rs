//! What ships is valid under the schemas.

use std::path::Path;

use taskclass_source::WorkTree;
use taskclass_spec::Registry;

fn registry(path: &str) -> Registry {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    Registry::load(&WorkTree::open(&root).unwrap()).unwrap()
}

#[test]
fn the_root_registry_and_the_example_are_well_formed() {
    for (path, classes) in [(".", 5), ("examples/registry", 1)] {
        let registry = registry(path);
        assert_eq!(registry.surroundings.policy.as_ref().unwrap().findings(), [], "{path}");
        assert_eq!(registry.classes.len(), classes, "{path}");
        for class in &registry.classes {
            assert_eq!(class.findings(), [], "{}", class.path.as_str());
            assert!(class.source.line_count() < 100, "{} is too long to read", class.path.as_str());
        }
    }
}
