//! Which faults strike a call.

use crate::scenario::{Fault, FaultKind};
use crate::text::matches_pattern;

/// The faults in force, each with the number of calls it has matched.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    faults: Vec<(Fault, u64)>,
}

impl Faults {
    pub(crate) fn new(faults: &[Fault]) -> Self {
        Self { faults: faults.iter().map(|fault| (fault.clone(), 0)).collect() }
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        self.faults.push((fault, 0));
    }

    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    /// Counts a call of an operation, on a repository if it has one; gives what strikes it.
    pub(crate) fn strike(&mut self, operation: &str, repository: Option<&str>) -> Vec<FaultKind> {
        let mut struck = Vec::new();
        for (fault, calls) in &mut self.faults {
            let operation_fits = fault.operation == "*" || fault.operation == operation;
            let repository_fits = fault
                .repository
                .as_deref()
                .is_none_or(|pattern| repository.is_some_and(|name| matches_pattern(pattern, name)));
            if !operation_fits || !repository_fits {
                continue;
            }
            *calls += 1;
            if let Some(past) = calls.checked_sub(fault.nth)
                && past.is_multiple_of(fault.every)
                && (fault.count == 0 || past / fault.every < fault.count)
            {
                struck.push(fault.kind.clone());
            }
        }
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(fault: Fault) -> Vec<usize> {
        let mut faults = Faults::new(&[fault]);
        (1..=10).filter(|_| !faults.strike("users/get-authenticated", None).is_empty()).collect::<Vec<_>>()
    }

    #[test]
    fn calls_are_chosen_by_nth_every_and_count() {
        let fault = |nth, every, count| Fault { nth, every, count, ..Fault::nth("*", 1, FaultKind::Drop {}) };
        assert_eq!(struck(fault(1, 1, 1)), [1]);
        assert_eq!(struck(fault(3, 1, 2)), [3, 4]);
        assert_eq!(struck(fault(2, 3, 0)), [2, 5, 8]);
        assert_eq!(struck(fault(2, 3, 2)), [2, 5]);
        assert!(struck(Fault::nth("repos/get", 1, FaultKind::Drop {})).is_empty());
        assert!(struck(Fault { repository: Some("*".to_owned()), ..fault(1, 1, 0) }).is_empty());
    }
}
