//! Drawing by chance, in a way that anybody can repeat.

use crate::values::digest::hex;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A new seed: 128 bits that nobody knows before, in hexadecimal.
///
/// # Errors
/// When the system has no randomness to give.
pub fn seed() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// The first contact points in the order of the SHA-256 of `seed:id`. Each order is as likely as any other, and so is each sample;
/// what is called first is itself a sample of what is called.
pub fn draw(seed: &str, mut points: Vec<(Uuid, Uuid)>, size: usize) -> Vec<(Uuid, Uuid)> {
    points.sort_by_cached_key(|(_, point)| Sha256::digest(format!("{seed}:{point}")).to_vec());
    points.truncate(size);
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(count: u128) -> Vec<(Uuid, Uuid)> {
        let point = |place| (Uuid::from_u128(7), Uuid::from_u128(place << 64));
        (0..count).map(point).collect()
    }

    #[test]
    fn the_seed_alone_decides() {
        let mut turned = points(50);
        turned.reverse();
        let drawn = draw("00", points(50), 10);
        assert_eq!(drawn, draw("00", turned, 10));
        assert_ne!(drawn, draw("01", points(50), 10));
        assert_eq!(draw("00", points(3), 10).len(), 3);
        let seeds = (seed().unwrap(), seed().unwrap());
        assert!(seeds.0 != seeds.1 && seeds.0.len() == 32, "{seeds:?}");
    }

    #[test]
    fn every_point_is_as_likely_as_any_other_in_every_place() {
        const DRAWS: usize = 4000;
        let mut times = vec![[0usize; 2]; 20];
        for place in 0..DRAWS {
            let drawn = draw(&place.to_string(), points(20), 5);
            for (rank, (_, point)) in drawn.iter().enumerate() {
                let index = usize::try_from(point.as_u128() >> 64).unwrap();
                times[index][0] += 1;
                times[index][1] += usize::from(rank == 0);
            }
        }
        // 1,000 and 200 are expected; five standard deviations are 137 and 69.
        for [drawn, first] in times {
            assert!(drawn.abs_diff(DRAWS / 4) < 137, "{drawn}");
            assert!(first.abs_diff(DRAWS / 20) < 69, "{first}");
        }
    }
}
