//! What a class's own fields come to under the policies above it: how many people another risk asks for, and what is left of a
//! number beyond the policy's.

use serde_json::Value;
use taskclass_source::{Path, path::Segment, text::quoted};
use taskclass_spec::{
    Duration,
    written::{Maxima, Policy, Risk},
};

use crate::{Change, Effect, Written, required::quorum};

/// Says of a class's own changes what they come to. `risks` are the class's, before and after.
pub(crate) fn tell(changes: &mut [Change], before: &Policy, after: &Policy, risks: (Risk, Risk)) {
    for change in changes {
        if change.path == Path::root().key("risk") {
            (change.effect, change.what) = risk(before, after, risks);
        } else if let Some(most) = most(&change.path) {
            within(change, most(&before.maxima), most(&after.maxima));
        }
    }
}

/// What another risk does: nothing but how many people must approve the class.
fn risk(before: &Policy, after: &Policy, (old, new): (Risk, Risk)) -> (Effect, String) {
    let (was, is, else_is) = (quorum(before, old), quorum(after, new), quorum(after, old));
    let people = |count: u32| if count == 1 { "1 person".to_owned() } else { format!("{count} people") };
    let what = format!("{} must approve it", people(is));
    if is < was {
        (Effect::Widens, format!("{what} instead of {was}"))
    } else if is < else_is {
        (Effect::Widens, format!("{what} instead of {else_is}, whom the policy asks for at the risk that it had"))
    } else if is > was {
        (Effect::Narrows, format!("{what} instead of {was}"))
    } else {
        (Effect::Neutral, format!("{what}, as before"))
    }
}

/// A number of a class that counts only as far as the policy's goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Most {
    Count(u64),
    Time(Duration),
}

impl std::fmt::Display for Most {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Count(count) => write!(f, "`{count}`"),
            Self::Time(time) => write!(f, "`{time}`"),
        }
    }
}

/// The policy's number over the field at this path.
fn most(path: &Path) -> Option<fn(&Maxima) -> Most> {
    let keys: Vec<&str> = path
        .segments()
        .iter()
        .filter_map(|segment| match segment {
            Segment::Key(key) => Some(&**key),
            Segment::Index(_) => None,
        })
        .collect();
    Some(match keys[..] {
        ["budget", "per_task"] => |maxima| Most::Count(maxima.per_task.0.into()),
        ["budget", "per_day"] => |maxima| Most::Count(maxima.per_day.0.into()),
        ["limits", "timeouts", "run"] => |maxima| Most::Time(maxima.run),
        ["limits", "in_flight", "total"] => |maxima| Most::Count(maxima.in_flight.into()),
        ["limits", "submissions", "per_hour"] => |maxima| Most::Count(maxima.submissions_per_hour.into()),
        ["limits", "open_pull_requests", "total"] => |maxima| Most::Count(maxima.open_pull_requests.into()),
        ["rollout", "stages", "repositories"] => |maxima| Most::Count(maxima.stage_repositories.into()),
        _ => return None,
    })
}

/// Says what is left of the numbers where the policy allows less. The effect stays: what is asked for counts once the policy
/// allows it.
fn within(change: &mut Change, before: Most, after: Most) {
    let (Ok(old), Ok(new)) = (asked(&change.before, before), asked(&change.after, after)) else { return };
    let over = |asked: Option<Most>, most: Most| asked.is_none_or(|asked| asked > most);
    if !over(old, before) && !over(new, after) {
        return;
    }
    // As it is written, for `60m` and `1h` are the same.
    let written = |side: &Option<Written>| match side.as_ref().map(|written| &written.value) {
        None => "no bound".to_owned(),
        Some(Value::String(text)) => quoted(text),
        Some(value) => format!("`{value}`"),
    };
    let (wrote, writes) = (written(&change.before), written(&change.after));
    let asks = match new {
        new if over(new, after) => {
            format!("the class asks for {writes} instead of {wrote}, and the policy allows {after}")
        }
        _ => format!("the class asked for {wrote}, and the policy allowed {before}"),
    };
    // The judge's sentence: what counts now, and behind the words what counted.
    let head = change.what.split(" instead of ").next().unwrap_or_default();
    let (was, is) = (old.map_or(before, |old| old.min(before)), new.map_or(after, |new| new.min(after)));
    if was == is {
        change.what = asks;
        return;
    }
    let left = |over: bool, most: Most, written: String| if over { most.to_string() } else { written };
    let (was, is) = (left(over(old, before), before, wrote), left(over(new, after), after, writes.clone()));
    let bound = if new.is_some() { format!("at most {writes}") } else { "any number of".to_owned() };
    change.what = format!("{} instead of {was}: {asks}", head.replacen(&bound, &format!("at most {is}"), 1));
}

/// The number that stands there; `None` inside where none does.
fn asked(side: &Option<Written>, like: Most) -> Result<Option<Most>, ()> {
    let Some(written) = side else { return Ok(None) };
    let read = match (&written.value, like) {
        (Value::Number(number), Most::Count(_)) => number.as_u64().map(Most::Count),
        (Value::String(text), Most::Time(_)) => text.parse().ok().map(Most::Time),
        _ => None,
    };
    read.map(Some).ok_or(())
}
