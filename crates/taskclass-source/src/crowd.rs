//! Several threads that take one piece of work after another.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Fewer pieces than this for each thread are not worth its start.
const PIECES_A_THREAD: usize = 8;

/// Calls `work` for each number below `count`, each thread with a share of its own; gives the shares. Within one the numbers
/// rise.
pub fn share<T: Default + Send>(threads: NonZeroUsize, count: usize, work: impl Fn(usize, &mut T) + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let take = || {
        let mut own = T::default();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return own;
            }
            work(at, &mut own);
        }
    };
    let helpers = (threads.get() - 1).min(count / PIECES_A_THREAD);
    thread::scope(|scope| {
        // Where the system gives no thread, the others do its part.
        let helpers: Vec<_> =
            (0..helpers).map_while(|_| thread::Builder::new().spawn_scoped(scope, take).ok()).collect();
        let mut shares = vec![take()];
        for helper in helpers {
            match helper.join() {
                Ok(share) => shares.push(share),
                Err(panic) => resume_unwind(panic),
            }
        }
        shares
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_piece_is_done_once_whatever_the_number_of_threads() {
        for threads in [1, 2, 7] {
            for count in [0, 1, 100, 1000] {
                let shares: Vec<Vec<usize>> =
                    share(NonZeroUsize::new(threads).unwrap(), count, |at, own: &mut Vec<usize>| own.push(at));
                assert!(shares.iter().all(|share| share.is_sorted()));
                let mut all: Vec<_> = shares.concat();
                all.sort_unstable();
                assert_eq!(all, (0..count).collect::<Vec<_>>());
            }
        }
    }
}
