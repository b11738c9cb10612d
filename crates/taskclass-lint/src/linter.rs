//! The run: each rule over each thing of its kind, then suppressions, then order.

use std::collections::{BTreeSet, HashSet};

use jiff::civil::Date;
use taskclass_source::{Files, Finding, Level, finding};
use taskclass_spec::Loaded;
use taskclass_spec::registry::{Registry, paths};
use taskclass_spec::written::{Policy, TaskClass};

use crate::context::{self, ClassContext, ClassPrompt, Document, Partial, PolicyContext, RegistryContext, Sections};
use crate::report::{Checked, Report};
use crate::rule::{Check, Hold, Rule, Sink};
use crate::rules::{self, catalogue};
use crate::suppress::{self, Suppression};

/// The linter, ready to run.
#[derive(Clone, Copy, Debug)]
pub struct Linter {
    today: Date,
}

/// The rules that are not off in this run, with what each weighs.
struct Levels(Vec<(&'static Rule, Level)>);

impl Levels {
    /// The rules' own levels, changed as far as `policy` may.
    fn of(policy: Option<&Policy>) -> Self {
        let said = policy.and_then(|policy| policy.lint.as_ref()).map(|lint| &lint.levels);
        let level = |rule: &&'static Rule| {
            let said = said.and_then(|said| said.get(rule.name).copied());
            Some((*rule, rule.level_under(said)?))
        };
        Self(catalogue().iter().filter_map(level).collect())
    }
}

/// Whether there is such a rule.
fn is_known(name: &str) -> bool {
    rules::find(name).is_some()
}

/// Whether a comment can suppress what a rule finds.
fn is_free(name: &str) -> bool {
    rules::find(name).is_some_and(|rule| rule.hold == Hold::Free)
}

/// A run under way.
struct Run<'a> {
    levels: Levels,
    findings: Vec<Finding>,
    suppressions: Vec<Suppression>,
    suppressed: usize,
    /// The classes and the policy that something was found about, by path.
    affected: BTreeSet<&'a str>,
    shared: &'a RegistryContext<'a>,
}

impl Linter {
    /// A linter for the day `today`, which decides what has expired.
    pub fn new(today: Date) -> Self {
        Self { today }
    }

    /// Lints a whole registry. `files` is where `registry` was read from: templates and partials are read there. Levels
    /// come from the registry's policy.
    pub fn lint(&self, registry: &Registry, files: &dyn Files) -> Report {
        let policy = registry.policy.as_ref().and_then(|loaded| {
            Some(PolicyContext {
                document: Document::of(loaded),
                policy: loaded.written.as_ref()?,
                catalogue: registry.catalogue(),
            })
        });
        let shared = RegistryContext { registry, files, policy, today: self.today };
        let mut run = Run {
            levels: Levels::of(shared.policy.as_ref().map(|policy| policy.policy)),
            findings: Vec::new(),
            suppressions: Vec::new(),
            suppressed: 0,
            affected: BTreeSet::new(),
            shared: &shared,
        };
        for class in &registry.classes {
            if run.gather(|run| run.class(class)) {
                run.affected.insert(class.path.as_str());
            }
        }
        if run.gather(Run::policy) {
            run.affected.insert(paths::POLICY);
        }
        run.gather(Run::registry);
        run.finish()
    }
}

impl<'a> Run<'a> {
    /// Calls the rules whose level is not off.
    fn rules(&self, call: impl Fn(Check, &mut Sink<'_>)) -> Vec<Finding> {
        let mut found = Vec::new();
        for (rule, level) in &self.levels.0 {
            for check in rule.checks {
                call(*check, &mut Sink::new(rule, *level, &mut found));
            }
        }
        found
    }

    /// Takes the findings of one part of the run; whether any was left after suppression.
    fn gather(&mut self, part: impl FnOnce(&mut Self) -> Vec<Finding>) -> bool {
        let own = self.suppressions.len();
        let mut found = part(self);
        // What the part brought along is all that can speak of it.
        let suppressions = self.suppressions.get_mut(own..).unwrap_or_default();
        self.suppressed += suppress::apply(&mut found, suppressions, is_free);
        let any = !found.is_empty();
        self.findings.append(&mut found);
        any
    }

    fn document(&mut self, document: &Document<'_>) -> Vec<Finding> {
        suppress::of_document(document, is_known, &mut self.suppressions);
        self.rules(|check, sink| {
            if let Check::Document(check) = check {
                check(document, sink)
            }
        })
    }

    fn policy(&mut self) -> Vec<Finding> {
        let Some(loaded) = &self.shared.registry.policy else { return Vec::new() };
        let mut found = self.document(&Document::of(loaded));
        if let Some(policy) = &self.shared.policy {
            found.extend(self.rules(|check, sink| {
                if let Check::Policy(check) = check {
                    check(policy, sink)
                }
            }));
        }
        found
    }

    /// The registry's own files other than classes: catalogue, inventory.
    fn registry(&mut self) -> Vec<Finding> {
        let own = self.shared.registry.own_catalogue.as_ref();
        let mut found = own.map(|own| self.document(&Document::of(own))).unwrap_or_default();
        found.extend(self.rules(|check, sink| {
            if let Check::Registry(check) = check {
                check(self.shared, sink)
            }
        }));
        found
    }

    fn class(&mut self, loaded: &Loaded<TaskClass>) -> Vec<Finding> {
        let document = Document::of(loaded);
        let mut found = self.document(&document);
        let partial;
        let class = match &loaded.written {
            Some(written) => Sections::of(written),
            None => {
                partial = Partial::read(&document);
                Sections::of_partial(&partial)
            }
        };
        let prompt = ClassPrompt::new(&document, &class, self.shared.files);
        for (source, region) in prompt.texts(&document) {
            suppress::of_template(&source, region, is_known, &mut self.suppressions);
        }
        let context = ClassContext::new(document, context::stem(loaded), class, prompt, self.shared);
        found.extend(self.rules(|check, sink| {
            if let Check::Class(check) = check {
                check(&context, sink)
            }
        }));
        found
    }

    /// Reports on the suppressions, and puts everything in order.
    fn finish(mut self) -> Report {
        // A shared prompt file is seen once for each class that draws it in.
        self.suppressions.sort_by(|a, b| a.place().cmp(&b.place()));
        self.suppressions.dedup_by(|later, first| {
            let same = later.place() == first.place();
            if same {
                first.used |= later.used;
                first.refused = first.refused.take().or_else(|| later.refused.take());
            }
            same
        });
        let suppressions = &self.suppressions;
        let mut about = self.rules(|check, sink| {
            if let Check::Suppressions(check) = check {
                check(suppressions, sink)
            }
        });
        let Registry { classes, policy, .. } = self.shared.registry;
        let told: HashSet<&str> = about.iter().map(|finding| finding.primary.source.path()).collect();
        let found = |path: &str| self.affected.contains(path) || told.contains(path);
        let affected = Checked {
            classes: classes.iter().filter(|class| found(class.path.as_str())).count(),
            policies: policy.iter().filter(|policy| found(policy.path.as_str())).count(),
        };
        let checked = Checked { classes: classes.len(), policies: policy.iter().len() };
        self.findings.append(&mut about);
        finding::sort(&mut self.findings);
        self.findings.dedup_by(|later, first| later.sort_key() == first.sort_key());
        Report { findings: self.findings, checked, affected, suppressed: self.suppressed }
    }
}
