//! What an approval says besides its content: for how long it counts, and why.

use taskclass_source::text::says_something;
use taskclass_spec::{Duration, written::BREAK_GLASS_LIFE};

use crate::{args::Approve, exit::Failure};

/// For how long, and why.
pub(super) struct Terms {
    pub(super) lasts: Duration,
    pub(super) note: String,
}

impl Terms {
    /// The terms that were asked for, if the policy has them.
    pub(super) fn of(args: &Approve, max_age: Duration) -> Result<Self, Failure> {
        let asked: Option<Duration> =
            args.expires.as_ref().map(|text| text.parse()).transpose().map_err(Failure::usage)?;
        let longest = if args.break_glass { max_age.min(BREAK_GLASS_LIFE) } else { max_age };
        let lasts = asked.unwrap_or(longest);
        if lasts.seconds() == 0 {
            return Err(Failure::refused("an approval that ends when it begins never counts"));
        }
        if args.break_glass && lasts > BREAK_GLASS_LIFE {
            return Err(Failure::refused(format!(
                "a break-glass approval counts for 24h at most, not for {}",
                args.expires.as_deref().unwrap_or_default()
            ))
            .help("without --break-glass it is an ordinary approval, for as long as the policy's max_age lets it"));
        }
        if lasts > max_age {
            return Err(Failure::refused(format!(
                "an approval may count for at most {max_age} (policy `approvals.max_age`), not for {lasts}"
            )));
        }
        if lasts <= BREAK_GLASS_LIFE && !says_something(&args.note) {
            let what = if args.break_glass {
                "a break-glass approval"
            } else {
                "an approval this short is a break-glass approval: it"
            };
            return Err(Failure::refused(format!("{what} says why it is given")).help(
                "--note REASON; an approval for 24h or less is marked wherever it is shown, and whatever runs under it escalates",
            ));
        }
        Ok(Self { lasts, note: args.note.clone() })
    }
}
