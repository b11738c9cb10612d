//! Which script a new task gets.

use std::sync::Arc;

use crate::scenario::{AgentMatch, AgentScript};
use crate::text::matches_pattern;

/// The scripts, in order, each with the number of tasks for which its conditions held.
#[derive(Debug, Clone)]
pub(crate) struct Agents {
    scripts: Vec<(Arc<AgentScript>, u64)>,
    fallback: Arc<AgentScript>,
}

impl Agents {
    pub(crate) fn new(scripts: &[AgentScript]) -> Self {
        let scripts = scripts.iter().map(|script| (Arc::new(script.clone()), 0)).collect();
        Self { scripts, fallback: Arc::default() }
    }

    /// Puts a script before all others.
    pub(crate) fn put_first(&mut self, script: AgentScript) {
        self.scripts.insert(0, (Arc::new(script), 0));
    }

    /// The first script for a new task; it counts the task.
    pub(crate) fn choose(&mut self, repository: &str, prompt: &str, model: Option<&str>) -> Arc<AgentScript> {
        for (script, count) in &mut self.scripts {
            if !holds(&script.matches, repository, prompt, model) {
                continue;
            }
            *count += 1;
            let nth = script.matches.nth.is_none_or(|nth| nth == *count);
            let every = script.matches.every.is_none_or(|every| count.is_multiple_of(every));
            if nth && every {
                return Arc::clone(script);
            }
        }
        Arc::clone(&self.fallback)
    }
}

fn holds(conditions: &AgentMatch, repository: &str, prompt: &str, model: Option<&str>) -> bool {
    conditions.repository.as_deref().is_none_or(|pattern| matches_pattern(pattern, repository))
        && conditions.prompt.as_deref().is_none_or(|text| prompt.contains(text))
        && conditions.model.as_deref().is_none_or(|wanted| model == Some(wanted))
}
