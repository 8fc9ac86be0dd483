//! What the targets share: the seeds are read once, so that tables are made before anything is timed, and no input may
//! take longer than [`LONGEST`] of the processor's time.

use lodestar::fuzzing::{TARGETS, Target};
use nix::time::{ClockId, clock_gettime};
use std::{
    fs,
    path::Path,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

pub use libfuzzer_sys::fuzz_target;

/// Of the build that is fuzzed, several times slower than the one that is released.
const LONGEST: Duration = Duration::from_millis(100);

static TARGET: OnceLock<Target> = OnceLock::new();
static SLOWEST: AtomicU64 = AtomicU64::new(0);

/// The target of a name, fuzzed.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        $crate::fuzz_target!(
            init: $crate::warm(stringify!($name)),
            |bytes: &[u8]| $crate::timed(bytes)
        );
    };
}

/// Chooses the target, and gives it its seeds.
pub fn warm(name: &str) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).expect("a target");
    TARGET.set(*target).expect("one target");
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name);
    for seed in fs::read_dir(seeds).expect("seeds") {
        target(&fs::read(seed.expect("a seed").path()).expect("bytes"));
    }
}

fn spent() -> Duration {
    Duration::from(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("a clock"))
}

/// Gives bytes to the target, says when none took as long before, and fails when it took too long.
pub fn timed(bytes: &[u8]) {
    let before = spent();
    TARGET.get().expect("a target")(bytes);
    let took = spent() - before;
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if SLOWEST.fetch_max(micros, Ordering::Relaxed) < micros {
        eprintln!("slowest: {micros} us");
    }
    assert!(took < LONGEST, "hang: {took:?}");
}
