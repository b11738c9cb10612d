//! The core: one request at one moment, one outcome.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::api::{self, Call};
use crate::auth;
use crate::fault::Faults;
use crate::limits::{Meter, Weight};
use crate::message::{Outcome, Request};
use crate::record::{CommentView, Counts, LoggedRequest, TaskView};
use crate::reply::{Answer, Problem};
use crate::respond::{Sent, VERSION_HEADER, VERSIONS, request_id, respond};
use crate::scenario::{AgentScript, Fault, FaultKind, Moment, Scenario, TokenScript};
use crate::world::World;
use crate::world::agenda::later;

/// How many requests the log keeps.
const LOG_LENGTH: usize = 20_000;
/// Where the API says it is, unless a request's `Host` says otherwise.
const API: &str = "https://api.github.com";

/// GitHub's side of it all, at one moment.
///
/// It is a value: a clone goes its own way from here.
#[derive(Debug, Clone)]
pub struct Sim {
    world: World,
    tokens: Vec<TokenScript>,
    faults: Faults,
    meter: Meter,
    seed: u64,
    /// How many requests there were.
    requests: u64,
    counts: Counts,
    log: VecDeque<LoggedRequest>,
    /// The latest moment that it has seen. Time does not go back.
    now: Timestamp,
    /// By how much its time has been put forward.
    ahead: SignedDuration,
}

impl Sim {
    /// A world as the scenario describes it. The seed decides every id, SHA and variation.
    #[must_use]
    pub fn new(scenario: &Scenario, seed: u64) -> Self {
        Self {
            world: World::new(scenario, seed),
            tokens: scenario.tokens.clone(),
            faults: Faults::new(&scenario.faults),
            meter: Meter::new(&scenario.limits),
            seed,
            requests: 0,
            counts: Counts::default(),
            log: VecDeque::new(),
            now: Timestamp::MIN,
            ahead: SignedDuration::ZERO,
        }
    }

    /// Answers one request at the moment `now`, having let everything happen that was due. A moment before one that it has
    /// seen counts as that one.
    pub fn handle(&mut self, request: &Request, now: Timestamp) -> Outcome {
        let now = self.move_to(now);
        if request.path.starts_with("/_sim/") {
            return Outcome::Respond(self.administer(request, now));
        }
        self.requests += 1;
        self.counts.requests += 1;
        self.counts.writes += u64::from(request.method != "GET");
        let mut log = LoggedRequest::new(self.requests, request, now);
        let outcome = self.answer(request, now, &mut log);
        match &outcome {
            Outcome::Respond(response) => log.status = Some(response.status),
            Outcome::Dropped { .. } => self.counts.dropped += 1,
        }
        self.counts.limited += u64::from(log.limited);
        self.counts.not_modified += u64::from(log.status == Some(304));
        if self.log.len() == LOG_LENGTH {
            self.log.pop_front();
        }
        self.log.push_back(log);
        outcome
    }

    /// Lets everything happen that is due at `now`.
    pub fn advance(&mut self, now: Timestamp) {
        self.move_to(now);
    }

    /// When something next happens by itself, in the caller's time; `None` where nothing will. What a moment only
    /// lets be seen (a slow list, an expiring token, a rate window's end) does not count.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        self.world.agenda.next().map(|at| later(at, -self.ahead))
    }

    /// Puts the simulation's time ahead of the caller's by so much more.
    pub fn put_forward(&mut self, by: SignedDuration) {
        self.ahead += by.max(SignedDuration::ZERO);
    }

    /// By how much the simulation's time is ahead of the caller's.
    #[must_use]
    pub fn ahead(&self) -> SignedDuration {
        self.ahead
    }

    /// Adds a fault. It counts calls from now on.
    pub fn add_fault(&mut self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Takes all faults away.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Puts an agent's script before all others, for the tasks to come.
    pub fn add_agent(&mut self, script: AgentScript) {
        self.world.agents.put_first(script);
    }

    /// Archives a task, as a person can on the site.
    pub fn archive_task(&mut self, id: &str) -> bool {
        let found = self.world.tasks.find(id);
        if let Some(task) = found {
            self.world.tasks.archive(task, self.now);
        }
        found.is_some()
    }

    /// All tasks, oldest first.
    #[must_use]
    pub fn tasks(&self) -> Vec<TaskView> {
        self.world.tasks.iter().map(|task| TaskView::of(&self.world, task)).collect()
    }

    /// All comments on issues and pull requests, by repository, number and time.
    #[must_use]
    pub fn comments(&self) -> Vec<CommentView> {
        let issues = self.world.repos.iter().flat_map(|repo| repo.issues.values().map(move |issue| (repo, issue)));
        let comments =
            issues.flat_map(|(repo, issue)| issue.comments.iter().map(move |comment| (repo, issue, comment)));
        comments
            .map(|(repo, issue, comment)| CommentView {
                repository: repo.full_name(),
                number: issue.number,
                author: self.world.people.get(comment.author).login.clone(),
                body: comment.body.clone(),
                at: comment.at,
            })
            .collect()
    }

    /// The latest requests (at most 20,000), oldest first, administrative ones left out.
    pub fn requests(&self) -> impl Iterator<Item = &LoggedRequest> {
        self.log.iter()
    }

    /// Totals since the start.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    pub(crate) fn move_to(&mut self, now: Timestamp) -> Timestamp {
        self.now = later(now, self.ahead).max(self.now);
        for token in &mut self.tokens {
            if let Some(lasts) = token.lasts.take() {
                token.expires_at = Some(later(self.now, lasts.get()));
            }
        }
        self.world.advance(self.now);
        self.now
    }

    /// The whole way of a request: form, route, token, faults, limits, permission, operation, faults again, headers.
    fn answer(&mut self, request: &Request, now: Timestamp, log: &mut LoggedRequest) -> Outcome {
        let route = match check_form(request).and_then(|()| api::find(request, &self.world)) {
            Ok(found) => found,
            Err(problem) => return self.respond(Err(problem), request, now, None),
        };
        log.operation = Some(route.route.operation);
        let token = match auth::authenticate(&self.tokens, request, now) {
            Ok(index) => self.tokens[index].clone(),
            Err(problem) => return self.respond(Err(problem), request, now, None),
        };
        let user = self.world.people.find_or_copilot(&token.login);
        let weight = Weight {
            user,
            user_id: self.world.people.get(user).id,
            operation: route.route.operation,
            writes: route.route.method != "GET",
            agent_tasks: route.route.is_agent_tasks(),
        };
        let repository = route.repo.map(|repo| self.world.repos[repo].full_name());
        let struck = self.faults.strike(route.route.operation, repository.as_deref());
        let mut sent = Sent { weight, token: &token, standing: self.meter.standing(user, weight.agent_tasks, now) };
        for fault in &struck {
            match fault {
                FaultKind::Drop {} => return Outcome::Dropped { committed: false, held: false },
                FaultKind::Hold { when: Moment::Before } => return Outcome::Dropped { committed: false, held: true },
                FaultKind::RateLimit { primary: true, .. } => sent.standing.used = sent.standing.limit,
                _ => {}
            }
            if let Some(problem) = before(fault, weight.user_id, repository.as_deref()) {
                return self.respond(Err(problem), request, now, Some(sent));
            }
        }
        // Asking where one stands is free.
        if route.route.operation != "rate-limit/get"
            && let Err(problem) = self.meter.admit(weight, now)
        {
            log.limited = true;
            return self.respond(Err(problem), request, now, Some(sent));
        }
        sent.standing = self.meter.standing(user, weight.agent_tasks, now);
        let api = api_url(request);
        let call = Call {
            world: &mut self.world,
            now,
            request,
            params: route.params,
            repo: route.repo,
            user,
            token: &token,
            api: &api,
            standing: self.meter.standing(user, false, now),
            faults: &struck,
        };
        let answer = call.run(route.route);
        self.finish(answer, &struck, request, now, sent)
    }

    /// What the faults that strike afterwards make of an answer.
    fn finish(
        &mut self,
        answer: Answer,
        struck: &[FaultKind],
        request: &Request,
        now: Timestamp,
        sent: Sent<'_>,
    ) -> Outcome {
        let committed = answer.is_ok();
        for fault in struck {
            match fault {
                FaultKind::LoseResponse {} => return Outcome::Dropped { committed, held: false },
                FaultKind::Hold { when: Moment::After } => return Outcome::Dropped { committed, held: true },
                FaultKind::Status { status, when: Moment::After } => {
                    return self.respond(Err(server_error(*status)), request, now, Some(sent));
                }
                _ => {}
            }
        }
        let mut outcome = self.respond(answer, request, now, Some(sent));
        if let Outcome::Respond(response) = &mut outcome
            && struck.iter().any(|fault| matches!(fault, FaultKind::Garble {}))
        {
            response.body.truncate(response.body.len() / 2);
        }
        outcome
    }

    /// An answer as the response that goes out.
    fn respond(&mut self, answer: Answer, request: &Request, now: Timestamp, sent: Option<Sent<'_>>) -> Outcome {
        let id = request_id(self.seed, self.requests);
        Outcome::Respond(respond(answer, request, now, id, sent, &mut self.meter))
    }
}

/// What GitHub looks at before anything else.
fn check_form(request: &Request) -> Result<(), Problem> {
    if request.header_value("user-agent").is_none_or(|agent| agent.trim().is_empty()) {
        let message =
            "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.";
        return Err(Problem::new(403, message));
    }
    match request.header_value(VERSION_HEADER) {
        Some(version) if !VERSIONS.contains(&version) => {
            let supported = VERSIONS.join(", ");
            Err(Problem::new(
                400,
                format!("Bad Request: the API version is not one of the supported ones, {supported}"),
            ))
        }
        _ => Ok(()),
    }
}

/// The answer of a fault that strikes before anything has happened, if it does.
fn before(fault: &FaultKind, user: u64, repository: Option<&str>) -> Option<Problem> {
    match fault {
        FaultKind::Status { status, when: Moment::Before } => Some(server_error(*status)),
        FaultKind::RateLimit { status, retry_after, primary } => Some(if *primary {
            let problem = Problem::primary_limit(*status, user);
            retry_after.iter().fold(problem, |problem, seconds| problem.header("retry-after", seconds.to_string()))
        } else {
            Problem::secondary_limit(*status, *retry_after)
        }),
        FaultKind::Sso {} => {
            let owner = repository.and_then(|name| name.split('/').next()).unwrap_or("acme");
            Some(Problem::sso(owner))
        }
        FaultKind::Forbidden { message } => Some(Problem::new(403, message.clone())),
        _ => None,
    }
}

fn server_error(status: u16) -> Problem {
    let message = match status {
        500 => "Internal Server Error",
        502 => "Server Error",
        503 => "Service Unavailable",
        504 => "We couldn't respond to your request in time. Sorry about that.",
        408 => "Request Timeout",
        _ => "Error",
    };
    Problem::new(status, message)
}

/// Where the API is, as the request has reached it: `Link` headers lead back to the same place.
fn api_url(request: &Request) -> String {
    match request.header_value("host") {
        Some(host) if !host.eq_ignore_ascii_case("api.github.com") => format!("http://{host}"),
        _ => API.to_owned(),
    }
}
