//! The review of a change beside linting what changed: a registry of 1,000 classes of which 50 changed, and an inventory of
//! 20,000 repositories.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use taskclass_diff::{Asked, Diff, Rendered, Side, approval::Unknown, compare, render};
use taskclass_executor::request::{Target, request};
use taskclass_lint::{Linter, Scope};
use taskclass_source::{RegistryPath, WorkTree};
use taskclass_spec::{inputs::Inputs, model::TaskClass, written::Example};

use super::{
    corpus::Corpus,
    process::{program, quietly},
    run::{grouped, ratio, shown, turns},
    table::Table,
    threads,
};

const CLASSES: usize = 1_000;
/// Every so manieth class changes.
const EVERY: usize = 20;
const REPOSITORIES: usize = 20_000;
const GOAL: &str = "≤ 3.0";

/// A registry before and after.
struct Change {
    before: Corpus,
    after: Corpus,
    paths: BTreeSet<RegistryPath>,
}

impl Change {
    fn make() -> Result<Self, String> {
        let change = Self { before: Corpus::clean(CLASSES)?, after: Corpus::clean(CLASSES)?, paths: BTreeSet::new() };
        change.written().map_err(|error| format!("the corpus: {error}"))
    }

    fn written(mut self) -> std::io::Result<Self> {
        let areas = ["svc-orders", "svc-mail", "svc-search", "web-shop", "web-docs", "lib"];
        let repository = |number: usize| format!("acme/{}-{number}\n", areas[number % areas.len()]);
        for root in [self.before.root(), self.after.root()] {
            let path = root.join("inventory.txt");
            let mut text = fs::read_to_string(&path)?;
            (text.lines().count()..REPOSITORIES).for_each(|number| text.push_str(&repository(number)));
            fs::write(path, text)?;
        }
        for (number, class) in self.after.classes.iter().step_by(EVERY).enumerate() {
            let text = fs::read_to_string(class)?;
            fs::write(class, changed(number, &text))?;
            let name = class.file_name().unwrap_or_default().to_string_lossy();
            self.paths.extend(RegistryPath::new(format!("task-classes/{name}")).ok());
        }
        Ok(self)
    }

    /// The 50 after the change, each with what it draws in.
    fn linted(&self) -> Result<(), String> {
        let files = WorkTree::open(self.after.root()).map_err(|error| error.to_string())?;
        let today = "2026-11-21".parse().map_err(|_| "the date".to_owned())?;
        let linter = Linter::new(today).with_threads(threads());
        linter.lint(&files, &Scope::Paths(self.paths.clone())).map(drop).map_err(|error| error.to_string())
    }

    /// The whole review, and the comment that is posted. `known`: which files differ is told, as git tells it.
    fn reviewed(&self, known: bool) -> Result<Diff, String> {
        let open = |root: &Path| WorkTree::open(root).map_err(|error| error.to_string());
        let (before, after) = (open(self.before.root())?, open(self.after.root())?);
        let (base, head) =
            (Side::read("before".to_owned(), &before), Side::read("after".to_owned(), &after).with_threads(threads()));
        let asked = Asked {
            base: &base,
            head: &head,
            inventory: None,
            approvals: &Unknown,
            request: &rendered,
            changed: Some(&self.paths).filter(|_| known),
            now: "2026-11-21T12:00:00Z".parse().map_err(|_| "the time".to_owned())?,
        };
        let diff = compare(&asked).map_err(|error| error.to_string())?;
        std::hint::black_box(render::markdown(&diff));
        Ok(diff)
    }
}

/// A reviewer's usual changes, one after the other.
fn changed(number: usize, text: &str) -> String {
    let (from, to) = match number % 6 {
        0 => ("allow: [main", "allow: [develop, main"),
        1 => ("max_files: ", "max_files: 1"),
        2 => ("    Done when", "    Ask when in doubt.\n    Done when"),
        3 => ("per_day: 1", "per_day: 2"),
        4 => ("required_reviews: 1", "required_reviews: 2"),
        _ => ("  allow:\n    - acme/", "  allow:\n    - acme/svc-orders-*\n    - acme/"),
    };
    let text = text.replacen("\nversion: ", "\nversion: 1", 1);
    text.replacen(from, to, 1)
}

/// An example's request, made as the executor makes it.
fn rendered(class: &TaskClass, example: &Example) -> Result<Rendered, String> {
    let inputs = Inputs::check(&class.written().inputs, &example.inputs).map_err(|_| "the inputs".to_owned())?;
    let base_ref = class.base_ref(example.base_ref.as_ref()).map_err(|error| error.to_string())?;
    let model = class.model_for(&example.repository, None).map_err(|error| error.to_string())?;
    let target =
        Target { repository: &example.repository, base_ref: &base_ref, model: &model, inputs: &inputs, key: "KEY" };
    let request = request(class, &target).map_err(|error| error.to_string())?;
    let mut body = serde_json::to_value(&request).map_err(|error| error.to_string())?;
    let prompt = body.as_object_mut().and_then(|body| body.remove("prompt"));
    let rest = serde_json::to_string_pretty(&body).map_err(|error| error.to_string())?;
    Ok(Rendered { prompt: prompt.and_then(|prompt| prompt.as_str().map(str::to_owned)).unwrap_or_default(), rest })
}

/// The review beside the linter, in this process and as processes over a git repository.
pub(super) fn run(_: &Path, _: usize) -> Result<Table, String> {
    let change = Change::make()?;
    let diff = change.reviewed(true)?;
    let comment = render::markdown(&diff).len();
    let (told, expected) = (diff.documents.len(), CLASSES / EVERY);
    if told != expected || diff.documents.iter().any(|document| !document.unreadable.is_empty()) {
        return Err(format!("{told} documents differ, and not {expected} that can be read"));
    }
    let mut table = Table::new(
        "The review of 50 changed classes of 1,000, with 20,000 repositories",
        &["", "lint of the 50", "diff", "diff / lint", "goal"],
    );
    let [lint, known, bytes] = turns([&mut || change.linted(), &mut || change.reviewed(true).map(drop), &mut || {
        change.reviewed(false).map(drop)
    }])?;
    let row = |what: &str, lint, diff, goal: &str| {
        [what.to_owned(), shown(lint), shown(diff), ratio(diff, lint), goal.to_owned()]
    };
    table.row(row("which files differ is known, as between commits", lint, known, GOAL));
    table.row(row("two folders: every file is compared", lint, bytes, ""));
    let [lint, diff] = processes(&change)?;
    table.row(row("as processes, between two commits", lint, diff, GOAL));
    table.note(format!(
        "The diff reads both sides, renders each example twice and ends with the comment of {} bytes.",
        grouped(comment)
    ));
    Ok(table)
}

/// The program over a repository in which the change is a commit.
fn processes(change: &Change) -> Result<[std::time::Duration; 2], String> {
    let program = program()?;
    let root = change.before.root();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false"]);
        quietly(command.args(arguments).current_dir(root), &[0])
    };
    git(&["init", "--quiet", "--initial-branch=main"])?;
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "-m", "Before"])?;
    for path in &change.paths {
        let (from, to) = (change.after.root().join(path.as_str()), root.join(path.as_str()));
        fs::copy(from, to).map_err(|error| error.to_string())?;
    }
    git(&["commit", "--quiet", "--all", "-m", "After"])?;
    let of_program = |arguments: &[&str]| {
        let paths = change.paths.iter().map(RegistryPath::as_str).filter(|_| arguments == ["lint"]);
        quietly(Command::new(&program).args(arguments).args(paths).current_dir(root), &[0, 1])
    };
    turns([&mut || of_program(&["lint"]), &mut || of_program(&["diff", "HEAD~1", "HEAD", "--format", "markdown"])])
}
