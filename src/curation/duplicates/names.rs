//! How alike two names are, and which of very many are alike.

use crate::values::text::{folded, latin};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashMap},
};
use strsim::osa_distance;

/// Names of which so large a share of all their trigrams is common are similar.
pub const SIMILAR: f64 = 0.75;
/// Words that differ by less than this share of their letters are spellings of one word.
const ONE_WORD: f64 = 0.25;
/// With so many others at most a name is paired: where more are alike, they tell nothing.
const MOST: usize = 20;

/// A name as it is compared: folded, in Latin letters.
#[derive(Debug, Clone)]
pub struct Name {
    words: Vec<String>,
    /// All its digits: names that count otherwise are of different things.
    digits: String,
    /// Of each word with a blank around it three characters at a time, packed, sorted, none twice.
    trigrams: Vec<u64>,
}

impl Name {
    /// A name as it is printed.
    pub fn of(text: &str) -> Self {
        let folded = folded(text);
        let words = folded.split_whitespace();
        let words: Vec<String> = words
            .map(|word| latin(word).unwrap_or_else(|| word.to_owned()))
            .collect();
        let mut trigrams = Vec::new();
        for word in &words {
            let padded: Vec<char> = format!("  {word} ").chars().collect();
            let packed = padded.windows(3).map(|three| {
                let pack = |packed, one: &char| packed << 21 | u64::from(u32::from(*one));
                three.iter().fold(0, pack)
            });
            trigrams.extend(packed);
        }
        trigrams.sort_unstable();
        trigrams.dedup();
        let digits = words.concat();
        Self {
            digits: digits.chars().filter(char::is_ascii_digit).collect(),
            words,
            trigrams,
        }
    }

    /// How alike two names are, from 0 to 1: the share of their trigrams that is common. Names that count
    /// otherwise, or of which each has a word that the other lacks, are of different things: of two
    /// places, of two offices.
    pub fn similarity(&self, other: &Self) -> f64 {
        let common = common(&self.trigrams, &other.trigrams);
        let all = self.trigrams.len() + other.trigrams.len() - common;
        let share = common as f64 / all.max(1) as f64;
        // Letters are compared one by one where it matters alone.
        match share >= SIMILAR && (self.digits != other.digits || self.tells_apart(other)) {
            true => 0.0,
            false => share,
        }
    }

    fn tells_apart(&self, other: &Self) -> bool {
        let lacking = |one: &Self, other: &Self| -> BTreeSet<String> {
            let words = one.words.iter();
            words
                .filter(|word| !other.words.contains(word))
                .cloned()
                .collect()
        };
        let (own, others) = (lacking(self, other), lacking(other, self));
        let joined = |words: &BTreeSet<String>| words.iter().cloned().collect::<String>();
        if own.is_empty() || others.is_empty() || is_one(&joined(&own), &joined(&others)) {
            return false;
        }
        let covered = |few: &BTreeSet<String>, many: &BTreeSet<String>| {
            let mut few = few.iter();
            few.all(|word| many.iter().any(|other| is_one(word, other)))
        };
        match own.len().cmp(&others.len()) {
            Ordering::Less => !covered(&own, &others),
            Ordering::Equal => !(covered(&own, &others) && covered(&others, &own)),
            Ordering::Greater => !covered(&others, &own),
        }
    }
}

/// Whether two words are spellings of one.
fn is_one(one: &str, other: &str) -> bool {
    let longer = one.chars().count().max(other.chars().count());
    (osa_distance(one, other) as f64) < ONE_WORD * longer as f64
}

/// How many entries two sorted lists have in common.
fn common<T: Ord>(one: &[T], other: &[T]) -> usize {
    let (mut a, mut b, mut found) = (0, 0, 0);
    while let (Some(left), Some(right)) = (one.get(a), other.get(b)) {
        found += usize::from(left == right);
        a += usize::from(left <= right);
        b += usize::from(right <= left);
    }
    found
}

/// A name of a record that belongs to countries.
#[derive(Debug)]
pub struct Named<'a> {
    /// Whose.
    pub record: usize,
    /// Where the record is met.
    pub countries: &'a [String],
    /// The name.
    pub name: Name,
}

/// Two names that are alike, by their places in the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alike {
    /// The one.
    pub one: usize,
    /// The other.
    pub other: usize,
    /// How alike.
    pub similarity: f64,
    /// The country that both belong to, by its place in the list of the first.
    pub country: usize,
}

/// Which names of different records in one country are similar. Two names can only be so when one of the
/// rarest trigrams of each is common, so that few are compared at all.
pub fn alike(names: &[Named<'_>]) -> Vec<Alike> {
    let mut groups: BTreeMap<(&str, &str), Vec<(usize, usize)>> = BTreeMap::new();
    for (place, named) in names.iter().enumerate() {
        for (country, code) in named.countries.iter().enumerate() {
            let group = groups.entry((code, &named.name.digits)).or_default();
            group.push((place, country));
        }
    }
    let mut found = Vec::new();
    for group in groups.into_values().filter(|group| group.len() > 1) {
        within(names, group, &mut found);
    }
    found
}

/// The trigrams of a group by how rare they are in it, each name's the rarest first.
fn ranked(names: &[Named<'_>], group: &[(usize, usize)]) -> (Vec<Vec<u32>>, usize) {
    let mut frequency: HashMap<u64, u32> = HashMap::new();
    for trigram in group
        .iter()
        .flat_map(|(place, _)| &names[*place].name.trigrams)
    {
        *frequency.entry(*trigram).or_default() += 1;
    }
    let mut rarest: Vec<(u32, u64)> = frequency
        .into_iter()
        .map(|(one, times)| (times, one))
        .collect();
    rarest.sort_unstable();
    let ranks: HashMap<u64, u32> = (0..)
        .zip(&rarest)
        .map(|(rank, (_, one))| (*one, rank))
        .collect();
    let ranked = group.iter().map(|(place, _)| {
        let trigrams = names[*place].name.trigrams.iter();
        let mut own: Vec<u32> = trigrams.map(|one| ranks[one]).collect();
        own.sort_unstable();
        own
    });
    (ranked.collect(), rarest.len())
}

fn within(names: &[Named<'_>], mut group: Vec<(usize, usize)>, found: &mut Vec<Alike>) {
    group.sort_by_key(|(place, _)| (names[*place].name.trigrams.len(), *place));
    let (ranked, ranks) = ranked(names, &group);
    let mut holding: Vec<Vec<(usize, usize)>> = vec![Vec::new(); ranks];
    let mut met = vec![usize::MAX; group.len()];
    let mut pairs = vec![0; group.len()];
    for (turn, (place, country)) in group.iter().enumerate() {
        let own = &ranked[turn];
        let least = (own.len() as f64 * SIMILAR).ceil() as usize;
        for (at, rank) in own
            .iter()
            .enumerate()
            .take((own.len() + 1).saturating_sub(least))
        {
            for (earlier, there) in &holding[*rank as usize] {
                let (earlier, others) = (*earlier, &ranked[*earlier]);
                // Rounding of the machine costs no pair.
                let share = SIMILAR / (1.0 + SIMILAR) * (own.len() + others.len()) as f64;
                let needed = (share - 1e-9).ceil() as usize;
                // All before the first that they share is not shared.
                let most = (own.len() - at).min(others.len() - there);
                if met[earlier] == turn || pairs[earlier] >= MOST || pairs[turn] >= MOST {
                    continue;
                }
                met[earlier] = turn;
                let other = group[earlier].0;
                if most < needed
                    || names[other].record == names[*place].record
                    || common(own, others) < needed
                {
                    continue;
                }
                let similarity = names[*place].name.similarity(&names[other].name);
                if similarity >= SIMILAR {
                    pairs[earlier] += 1;
                    pairs[turn] += 1;
                    found.push(Alike {
                        one: *place,
                        other,
                        similarity,
                        country: *country,
                    });
                }
            }
            holding[*rank as usize].push((turn, at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_similar_and_names_of_two_things_are_not() {
        let similarity = |one: &str, other: &str| Name::of(one).similarity(&Name::of(other));
        for (one, other) in [
            ("Child Focus", "CHILD FOCUS"),
            ("Línea Azul Nacional", "Linea Azul Nacional"),
            ("Centre for Missing Children", "Center for Missing Children"),
            ("Центр Надежда", "Tsentr Nadezhda"),
            ("National Help Line", "National Helpline"),
            ("La Strada Ceska republika", "Ceska republika La Strada"),
        ] {
            assert!(similarity(one, other) >= SIMILAR, "{one} | {other}");
        }
        for (one, other) in [
            (
                "International Centre for Missing & Exploited Children",
                "National Center for Missing & Exploited Children",
            ),
            ("FBI field office Jackson", "FBI field office Jacksonville"),
            (
                "Alaska Bureau of Investigation – Missing Persons Clearinghouse",
                "Kansas Bureau of Investigation – Missing Persons Clearinghouse",
            ),
            (
                "Equipa Multidisciplinar Alentejo",
                "Equipa Multidisciplinar Algarve",
            ),
            ("Helpline 1098", "Helpline 1099"),
            ("Ministry of Justice", "Ministry of Labour"),
            ("ILO", "IOM"),
            ("", ""),
        ] {
            assert!(similarity(one, other) < SIMILAR, "{one} | {other}");
        }
    }

    /// Every pair that comparing all with all finds is found, and no other.
    #[test]
    fn few_comparisons_find_what_all_would() {
        let words = [
            "centre", "center", "trust", "hope", "hopes", "north", "south", "freedom", "line",
            "lines", "child", "childs", "one", "network",
        ];
        let mut state: u64 = 1;
        let mut draw = |most: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as usize % most
        };
        let countries = [
            vec!["GB".to_owned()],
            vec!["GB".into(), "IE".into()],
            vec!["FR".into()],
        ];
        let names: Vec<Named<'_>> = (0..400)
            .map(|record| {
                let drawn: Vec<&str> = (0..2 + draw(4)).map(|_| words[draw(words.len())]).collect();
                Named {
                    record,
                    countries: &countries[draw(3)],
                    name: Name::of(&drawn.join(" ")),
                }
            })
            .collect();
        let found: BTreeSet<(usize, usize)> = alike(&names)
            .iter()
            .map(|pair| (pair.one.min(pair.other), pair.one.max(pair.other)))
            .collect();
        let mut all = BTreeSet::new();
        for one in 0..names.len() {
            for other in one + 1..names.len() {
                let met = names[one].countries.iter();
                let meet = met
                    .clone()
                    .any(|code| names[other].countries.contains(code));
                if meet && names[one].name.similarity(&names[other].name) >= SIMILAR {
                    all.insert((one, other));
                }
            }
        }
        assert!(all.len() > 100, "{}", all.len());
        assert!(found.is_subset(&all));
        // Of a name that more than the most are alike some pairs are left out.
        let often = |place: usize| {
            all.iter()
                .filter(|(a, b)| *a == place || *b == place)
                .count()
        };
        let missed = all.difference(&found);
        let mut seldom = missed.filter(|(a, b)| often(*a) <= MOST && often(*b) <= MOST);
        assert_eq!(seldom.next(), None);
    }
}
