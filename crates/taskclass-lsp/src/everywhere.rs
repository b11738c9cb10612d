//! Every question at every place: no panic, whatever the cursor is on and wherever the text ends.

use std::path::Path;

use jiff::civil::date;
use taskclass_source::{Files, RegistryPath, WorkTree};
use taskclass_spec::paths;

use crate::view::View;
use crate::{complete, hover, navigate, outline, rename};

/// Asks everything at an offset that an editor can name; gives how many answers had something in them.
fn ask(view: &View<'_>, offset: usize, completion: bool) -> usize {
    let mut answers = usize::from(hover::at(view, offset).is_some());
    answers += usize::from(!navigate::definition(view, offset).is_empty());
    answers += usize::from(rename::prepare(view, offset).is_some());
    answers += usize::from(completion && !complete::items(view, offset).is_empty());
    answers
}

/// The registry that ships.
fn shipped() -> WorkTree {
    WorkTree::open(Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()).unwrap()
}

fn view<'a>(files: &'a WorkTree, path: &RegistryPath, text: &str) -> View<'a> {
    View::new(files, path.clone(), text.into(), date(2026, 11, 21))
}

#[test]
fn throughout_the_shipped_classes() {
    let files = shipped();
    let mut paths = files.list(&paths::at(paths::CLASSES)).unwrap();
    paths.push(paths::at(paths::POLICY));
    assert!(paths.len() > 10);
    for path in paths {
        let text = String::from_utf8(files.read(&path).unwrap().unwrap()).unwrap();
        let view = view(&files, &path, &text);
        let places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        // What is offered depends on the word, so every few characters will do; the test below leaves none out.
        let answers: usize = places.enumerate().map(|(n, at)| ask(&view, at, n % 31 == 0)).sum();
        assert!(answers > 0 || !text.contains("{{"), "{path}");
        assert_eq!(outline::of(&view).is_empty(), path.extension() == Some("md"), "{path}");
    }
}

#[test]
fn at_every_place_of_a_class_and_at_the_end_of_each_of_its_beginnings() {
    let files = shipped();
    let path = RegistryPath::new("task-classes/small.yaml").unwrap();
    let text = include_str!("everywhere.yaml");
    let whole = view(&files, &path, text);
    for (n, (at, _)) in text.char_indices().enumerate() {
        ask(&whole, at, true);
        if n % 3 > 0 {
            continue;
        }
        let beginning = view(&files, &path, &text[..at]);
        ask(&beginning, at, true);
        outline::of(&beginning);
    }
}
