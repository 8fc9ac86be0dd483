//! Everything that reads what others wrote, one function each: asked by the seeds of tests/fuzz in every `cargo test`, and by
//! whatever libFuzzer makes of them (tests/faults/fuzz). It is compiled for these alone.
//!
//! Each takes bytes as they come, says whether they were taken, and fails where what was taken is not read again as it was
//! taken.

mod asked;
mod bodies;
mod headers;
mod hours;
mod phone;
mod rows;

/// What reads bytes and says whether it took them.
pub type Target = fn(&[u8]) -> bool;

/// All of them, by name.
pub const TARGETS: [(&str, Target); 7] = [
    ("query", asked::query),
    ("search", asked::search),
    ("body", bodies::body),
    ("headers", headers::headers),
    ("hours", hours::hours),
    ("phone", phone::phone),
    ("row", rows::row),
];

#[cfg(test)]
mod tests {
    use super::TARGETS;
    use std::{fs, path::Path};

    /// Seeds are taken, but those that say in their name that they are refused.
    #[test]
    fn seeds_are_taken_and_read_again() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
        let mut wrong = Vec::new();
        for (name, target) in TARGETS {
            let mut seeds = 0;
            for seed in fs::read_dir(root.join("seeds").join(name)).expect("a folder of seeds") {
                let seed = seed.expect("a seed");
                let refused = seed.file_name().to_string_lossy().starts_with("refused");
                if target(&fs::read(seed.path()).expect("bytes")) == refused {
                    wrong.push(seed.path());
                }
                seeds += 1;
            }
            assert!(seeds >= 5, "{name}: {seeds} seeds");
            let binary = root.join(format!("targets/{name}.rs"));
            assert!(binary.is_file(), "{name}");
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
