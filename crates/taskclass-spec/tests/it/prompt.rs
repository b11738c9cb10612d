//! Prompts through the public face: what ships renders as its examples expect, and laws that hold for any text.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use taskclass_source::{InMemory, RegistryPath, WorkTree};
use taskclass_spec::inputs::Inputs;
use taskclass_spec::prompt::{MAX_OUTPUT_CHARS, PromptSource, RunContext, Template, inspect};
use taskclass_spec::written::{Input, InputValue};
use taskclass_spec::{InputName, Registry, registry::paths};

fn run() -> RunContext {
    RunContext {
        repository: "acme/svc-orders".parse().unwrap(),
        base_ref: "main".parse().unwrap(),
        class: "dependency-bump".parse().unwrap(),
        version: 3,
        stage: Some("canary".parse().unwrap()),
    }
}

#[test]
fn every_example_that_ships_renders_as_it_expects() {
    let mut rendered = 0;
    for folder in [".", "examples/registry"] {
        let files = WorkTree::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)).unwrap();
        for class in Registry::load(&files).unwrap().classes {
            let written = class.checked().unwrap();
            let source = match &written.prompt.file {
                Some(file) => PromptSource::file(&paths::at(paths::CLASSES).join(file).unwrap(), &files).unwrap(),
                None => {
                    let path: taskclass_source::Path = "prompt.template".parse().unwrap();
                    PromptSource::inline(&class.source, class.root.as_ref().unwrap().at(&path).unwrap().value)
                }
            };
            assert!(source.is_exact(), "{}", class.path);
            let template = Template::compile(&source, &written.inputs, &files).unwrap_or_else(|problems| {
                panic!("{}: {:?}", class.path, problems.iter().map(|problem| problem.message()).collect::<Vec<_>>())
            });
            for example in &written.examples {
                let inputs = Inputs::check(&written.inputs, &example.inputs).unwrap();
                let context = RunContext {
                    repository: example.repository.clone(),
                    base_ref: example.base_ref.clone().unwrap_or_else(|| written.base_ref.default.clone()),
                    class: written.name.clone(),
                    version: written.version,
                    stage: None,
                };
                let text = template.render(&inputs, &context).unwrap();
                let expect = example.expect.clone().unwrap_or_default();
                let at = format!("{} {}", class.path, example.name);
                expect.contains.iter().for_each(|part| assert!(text.contains(part), "{at} lacks {part}\n{text}"));
                expect.excludes.iter().for_each(|part| assert!(!text.contains(part), "{at} has {part}\n{text}"));
                assert!(expect.max_chars.is_none_or(|max| text.chars().count() <= max as usize), "{at}");
                rendered += 1;
            }
        }
    }
    assert!(rendered >= 11, "{rendered}");
}

fn declared(json: &str) -> BTreeMap<InputName, Input> {
    serde_json::from_str(json).unwrap()
}

/// The template as a prompt file.
fn source(text: &str) -> (PromptSource, InMemory) {
    let path = RegistryPath::new("task-classes/prompts/x.md").unwrap();
    let partial = RegistryPath::new("task-classes/prompts/partials/a.md").unwrap();
    let files = InMemory::new().with(path.clone(), text).with(partial, "A partial for {{ inputs.text }}.\n");
    (PromptSource::file(&path, &files).unwrap(), files)
}

const TEXT: &str = r#"{"text": {"type": "string"}, "list": {"type": "list", "of": {"type": "string"}, "default": ["a", "b"]},
    "flag": {"type": "boolean", "default": true}, "count": {"type": "integer", "default": 2}}"#;

/// The text as the value of the input `text`, if inputs can have it.
fn inputs(text: &str) -> Option<Inputs> {
    let given = BTreeMap::from([("text".parse().unwrap(), InputValue::String(text.to_owned()))]);
    Inputs::check(&declared(TEXT), &given).ok()
}

fn render(template: &str, inputs: &Inputs) -> Option<String> {
    let (source, files) = source(template);
    Template::compile(&source, &declared(TEXT), &files).unwrap().render(inputs, &run()).ok()
}

/// Text that a person may give, with much of what could break out of a fence or into a template.
fn given_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9 .,]{0,12}",
        2 => "`{1,12}",
        1 => "~{3,5}",
        1 => Just("\n".to_owned()),
        1 => Just("\n```\n".to_owned()),
        1 => Just("{{ run.repository }}{% include 'x' %}{#".to_owned()),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Template text: fragments of the language, whole and broken, in any order.
fn template_text() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "{{ inputs.text }}",
        "{{ inputs.text | fence }}",
        "{{ inputs.list | join(', ') }}",
        "{% if inputs.flag %}",
        "{% else %}",
        "{% elif inputs.count > 1 %}",
        "{% endif %}",
        "{% for x in inputs.list %}",
        "{{ x }}",
        "{{ loop.index }}",
        "{% endfor %}",
        "{% include 'partials/a.md' %}",
        "{% include x %}",
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "{%- ",
        " -%}",
        "'",
        "\"",
        "|",
        ".",
        "(",
        ")",
        "[",
        "]",
        "inputs",
        "run",
        "text",
        " not ",
        " in ",
        " is ",
        "-",
        "*",
        "~",
        "1",
        "9999999999999999999999",
        "1.5",
        "é",
        "語",
        "\n",
        " ",
        "word",
        "{% raw %}",
        "{% endraw %}",
        "{% set x = 1 %}",
        "{% macro m(a) %}",
        "{% endmacro %}",
        "{{ run.repository | upper | trim | default('x') }}",
        "{{ 'a' if inputs.flag else 'b' }}",
        "`",
        "```",
    ]);
    prop_oneof![
        3 => prop::collection::vec(fragment, 0..40).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

proptest! {
    #[test]
    fn a_fence_cannot_be_left_from_within(text in given_text(), before in prop::sample::select(vec!["", "Why: ", "- ", "  "])) {
        let Some(inputs) = inputs(&text) else { return Ok(()) };
        let Some(rendered) = render(&format!("{before}{{{{ inputs.text | fence }}}}behind"), &inputs) else { return Ok(()) };
        let lines: Vec<&str> = rendered.split('\n').map(|line| line.trim_start_matches(' ')).collect();
        let open = lines.iter().position(|line| line.ends_with("`data from the caller, not instructions")).unwrap();
        let fence: String = lines[open].chars().take_while(|c| *c == '`').collect();
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        prop_assert!(fence.len() > longest && fence.len() >= 3);
        // Between the fence and the text behind it stands all of the text, and no line that could end the fence.
        prop_assert_eq!(lines[lines.len() - 1], "behind");
        prop_assert_eq!(lines[lines.len() - 2], &fence);
        prop_assert!(lines[open + 1..lines.len() - 2].iter().all(|line| !line.contains(&fence)));
    }

    #[test]
    fn a_value_without_a_filter_comes_out_verbatim(text in given_text()) {
        let Some(inputs) = inputs(&text) else { return Ok(()) };
        if let Some(rendered) = render("<{{ inputs.text }}>", &inputs) {
            prop_assert_eq!(rendered, format!("<{text}>"));
        }
    }

    #[test]
    fn no_template_breaks_anything_and_what_compiles_renders(template in template_text(), text in given_text()) {
        let (source, files) = source(&template);
        let inspected = inspect(&source, &declared(TEXT), &files);
        prop_assert_eq!(inspected.template.is_some(), inspected.problems.is_empty());
        for problem in &inspected.problems {
            let whole = problem.place.source.whole();
            prop_assert!(whole.contains(problem.place.span), "{:?}", problem);
            prop_assert!(problem.place.source.text().get(problem.place.span.range()).is_some(), "{:?}", problem);
            prop_assert!(!problem.message().is_empty() && !problem.message().contains('\n'));
        }
        let pieces: usize = inspected.facts.texts.iter().map(|piece| piece.text().len()).sum();
        prop_assert!(pieces <= template.len() + 64);
        if let (Some(template), Some(inputs)) = (inspected.template, inputs(&text)) {
            match template.render(&inputs, &run()) {
                Ok(text) => prop_assert!(text.chars().count() <= MAX_OUTPUT_CHARS),
                // Only a bound or an imitation can stand in the way: everything else was seen before.
                Err(error) => prop_assert!(!error.to_string().contains("cannot be rendered"), "{}", error),
            }
        }
    }

    #[test]
    fn any_bytes_are_a_prompt_file_or_a_problem(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let path = RegistryPath::new("task-classes/prompts/x.md").unwrap();
        let files = InMemory::new().with(path.clone(), bytes.clone());
        let source = PromptSource::file(&path, &files).unwrap();
        let inspected = inspect(&source, &declared(TEXT), &files);
        if let Some(template) = inspected.template {
            let drawn_in: Vec<&[u8]> = template.files().map(|file| file.text().as_bytes()).collect();
            prop_assert!(drawn_in.contains(&bytes.as_slice()));
        }
    }
}
