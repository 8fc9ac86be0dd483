//! The door of the binary; see `cli`.

use std::process::ExitCode;

/// Faster than the system's allocator on this work. Its version 2 is sooner with answers that are not kept than version 3
/// is, and without huge pages it takes no more memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    lodestar::cli::run()
}
