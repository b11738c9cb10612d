//! `taskclass doctor`: whether the executor could run classes now, and everything that stands in its way, at once. It writes nothing.

mod configuration;
mod github;
mod page;
mod preflight;
mod reach;
mod registry;
mod report;
mod state;
mod token;

use std::sync::{Arc, atomic::AtomicBool};

use jiff::Timestamp;
use taskclass_approval::ApprovedRegistry;
use taskclass_executor::Ledger;
use taskclass_github::{TaskQuery, User};
use taskclass_spec::{ClassName, model::TaskClass, registry::class_paths};

use crate::{
    args::{Doctor, Format, Global},
    exit::{Exit, Outcome},
    machine::{Link, Receivers, Record, RegistryClasses, Settings},
    ui::Ui,
};
use preflight::{Asker, Question};
use report::{Area, Check, Level, Report};

pub(crate) use report::schema;

pub(crate) fn doctor(args: &Doctor, global: &Global, ui: &mut Ui) -> Outcome {
    let question = Question::asked(args.class.as_deref(), args.repo.as_deref())?;
    let mut found = Found::default();
    found.checks.extend(configuration::tools());
    match Settings::read(&args.executor, global) {
        Ok(settings) => found.look(&settings, &question),
        Err(failure) => {
            found.checks.splice(0..0, configuration::unreadable(&failure));
            found.unusable = true;
        }
    }
    let exit = found.exit();
    let level = |level| found.checks.iter().filter(|check| check.level == level).count();
    let (bad, warnings) = (level(Level::Bad), level(Level::Warn));
    let report = Report {
        schema: report::Format::V1,
        on: found.on.unwrap_or_else(Timestamp::now),
        simulated: args.executor.sim,
        healthy: bad == 0,
        bad,
        warnings,
        checks: found.checks,
    };
    if ui.format == Format::Json {
        ui.json(&report)?;
    } else {
        page::print(&report, ui);
    }
    Ok(exit)
}

/// What was found so far.
#[derive(Default)]
struct Found {
    checks: Vec<Check>,
    on: Option<Timestamp>,
    /// The configuration cannot be used.
    unusable: bool,
    /// GitHub gave no answer.
    unanswered: bool,
}

/// What the registry has to say for all that comes after it.
struct Read<'a> {
    registry: ApprovedRegistry<'a>,
    /// The classes that read, approved or not.
    classes: Vec<TaskClass>,
}

impl Found {
    /// The worst of it: a configuration that cannot be used, then GitHub, then anything else.
    fn exit(&self) -> Exit {
        if self.unusable {
            Exit::Usage
        } else if self.unanswered {
            Exit::Github
        } else if self.checks.iter().any(|check| check.level == Level::Bad) {
            Exit::Findings
        } else {
            Exit::Fine
        }
    }

    fn look(&mut self, settings: &Settings, question: &Question) {
        self.checks.splice(0..0, configuration::read(settings));
        // Without a way to GitHub there is still a clock: this machine's.
        let link = Link::open(settings, Arc::new(AtomicBool::new(false)), Record::Stays);
        let now = link.as_ref().map_or_else(|_| Timestamp::now(), |link| link.clock.now());
        self.on = Some(now);
        let (checks, ledger) = state::look(settings, now);
        self.checks.extend(checks);
        let classes = RegistryClasses::open(settings);
        let last = ledger.as_ref().and_then(|ledger| ledger.registry_commit.clone());
        let (checks, registry) = registry::open(&classes, settings.github.is_some(), last.as_deref(), now);
        self.checks.extend(checks);
        let read = registry.map(|registry| Read { classes: all_classes(&registry), registry });
        if let Some(read) = &read {
            let git = settings.git.display().to_string();
            self.checks.extend(registry::approvals(&read.registry, &git, now));
        }
        match link {
            Ok(link) => self.at_github(settings, &link, read.as_ref(), ledger.as_ref(), question),
            Err(failure) => {
                self.checks.push(token::unusable(&failure));
                self.not_asked(question);
            }
        }
    }

    /// Everything for which GitHub has to be asked; nothing is, with a token that the policy does not allow.
    fn at_github(
        &mut self,
        settings: &Settings,
        link: &Link,
        read: Option<&Read<'_>>,
        ledger: Option<&Ledger>,
        question: &Question,
    ) {
        let policy = read.map(|read| &**read.registry.policy());
        let source =
            settings.github.as_ref().map_or_else(|| "the simulator".to_owned(), |github| github.token_source());
        let (checks, usable) = token::kind(&source, link.token, policy);
        self.checks.extend(checks);
        if !usable {
            return self.not_asked(question);
        }
        let answer = match link.github.get_user() {
            Ok(answer) => answer,
            Err(error) => {
                self.unanswered = github::is_unreachable(&error);
                self.checks.push(github::failed(&error));
                return self.not_asked(question);
            }
        };
        let now = link.clock.now();
        let (user, meta): (User, _) = (answer.value, answer.meta);
        self.checks.extend(token::facts(&user, &meta, link.token, policy, now));
        let query = TaskQuery { per_page: Some(1), ..TaskQuery::default() };
        let tasks = link.github.list_tasks(&query).map(drop);
        self.unanswered |= tasks.as_ref().is_err_and(github::is_unreachable);
        self.checks.push(token::tasks(&tasks));
        if let (Some(read), Some(policy)) = (read, policy) {
            self.checks.extend(reach::look(&link.github, policy, &read.classes));
        }
        self.checks.extend(github::answered(settings, &meta, now));
        self.checks.push(github::rate(&link.github, now));
        let (Some(read), Some(ledger)) = (read, ledger) else { return self.no_preflight(question) };
        let webhooks = Receivers::of(settings);
        let asker = Asker {
            webhooks: &webhooks,
            github: &link.github,
            user: &user,
            token_kind: link.token,
            token_expires: meta.token.expires,
            ledger,
            now,
        };
        let (checks, answered) = preflight::look(question, &read.registry, &read.classes, &asker);
        self.checks.extend(checks);
        self.unanswered |= !answered;
    }

    fn not_asked(&mut self, question: &Question) {
        self.checks.push(Check::skipped(Area::Github, "reachable", "not asked: the token could not be used"));
        self.no_preflight(question);
    }

    fn no_preflight(&mut self, question: &Question) {
        if question.is_some() {
            self.checks.push(Check::skipped(Area::Preflight, "run", "not looked at: what it stands on is missing"));
        }
    }
}

/// Every class that reads; what is wrong with the others is told where approvals are.
fn all_classes(registry: &ApprovedRegistry<'_>) -> Vec<TaskClass> {
    let paths = class_paths(registry.files()).unwrap_or_default();
    let names = paths.iter().filter_map(|path| taskclass_spec::registry::stem(path).parse::<ClassName>().ok());
    names.filter_map(|name| registry.class(&name).ok()).collect()
}
