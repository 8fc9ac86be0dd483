use super::*;
use std::collections::BTreeMap;

fn lexicon() -> Lexicon {
    let group = |slug: &str, terms: &[&str], marks: &[&str], kind: Option<&str>| Group {
        slug: Some(slug.to_owned()),
        terms: terms.iter().map(|term| (*term).to_owned()).collect(),
        marks: marks.iter().map(|mark| (*mark).to_owned()).collect(),
        kind: kind.map(str::to_owned),
    };
    let words: BTreeMap<String, u64> = [
        ("trafficking", 300),
        ("hotline", 200),
        ("children", 150),
        ("drop", 1),
        ("commercial", 9),
        ("sexual", 30),
        ("exploitation", 40),
    ]
    .into_iter()
    .map(|(word, records)| (word.to_owned(), records))
    .collect();
    let groups = vec![
        group("hotline", &["hotline", "helpline"], &[], Some("hotlines")),
        group(
            "sex-trafficking",
            &["sex trafficking", "commercial sexual exploitation", "CSEC"],
            &["topic:sex_trafficking"],
            None,
        ),
    ];
    Lexicon::new(1, groups, std::sync::Arc::new(Words::new(words)), 1000)
}

fn words_of(search: &str) -> Vec<String> {
    let understood = lexicon().understand(search);
    understood
        .terms
        .iter()
        .map(|term| term.words.join(" "))
        .collect()
}

#[test]
fn the_longest_phrase_counts_and_stop_words_do_not() {
    assert_eq!(
        words_of("a hotline in Baja California"),
        ["hotline", "baja california"]
    );
    let understood = lexicon().understand("CSEC hotline in Mexico");
    // The state of that name too.
    assert_eq!(understood.places(), ["MX", "MX-MEX"]);
    assert_eq!(understood.kind(), Some("hotlines"));
    assert_eq!(understood.synonyms(), ["sex-trafficking", "hotline"]);
    assert_eq!(understood.ignored, ["in"]);
    let query = understood.all().unwrap();
    for part in [
        "'topic:sex_trafficking'",
        "':in:mx'",
        "':kind:hotlines'",
        "'sexual'",
    ] {
        assert!(query.contains(part), "{part}: {query}");
    }
}

#[test]
fn codes_are_places() {
    for (search, place) in [
        ("hotline US-CA", "US-CA"),
        ("hotline MX", "MX"),
        ("hotline US", "US"),
        ("hotline in IN", "IN"),
        ("mx hotline", "MX"),
    ] {
        assert_eq!(lexicon().understand(search).places(), [place], "{search}");
    }
    assert!(
        lexicon()
            .understand("HOTLINE IN THE HOTLINE")
            .places()
            .is_empty()
    );
}

#[test]
fn one_wrong_letter_a_word_is_corrected_and_said() {
    let understood = lexicon().understand("trafficing hotlne mexcio");
    let told: Vec<(&str, &str)> = understood
        .corrected
        .iter()
        .map(|one| (one.from.as_str(), one.to.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("trafficing", "trafficking"),
            ("hotlne", "hotline"),
            ("mexcio", "mexico")
        ]
    );
    // The state of that name too.
    assert_eq!(understood.places(), ["MX", "MX-MEX"]);
    // What nobody knows is still looked for as it stands.
    assert!(understood.all().unwrap().contains("'trafficing':*"));
}

#[test]
fn numbers_are_found_in_every_form() {
    let query = lexicon().understand("+1 (888) 373-7888").all().unwrap();
    assert!(
        query.contains("'18883737888':*") && query.contains("'373':*"),
        "{query}"
    );
    let abroad = lexicon().understand("0041 21 544 27 97").all().unwrap();
    assert!(abroad.contains("'41215442797':*"), "{abroad}");
}

#[test]
fn bad_input_is_only_words() {
    let lexicon = lexicon();
    assert_eq!(lexicon.understand("!&|():*'\"\\").all(), None);
    assert_eq!(words_of("the of in"), ["the", "of", "in"]);
    let many: Vec<String> = (0..30).map(|n| format!("zq{n}")).collect();
    let understood = lexicon.understand(&many.join(" "));
    assert_eq!((understood.terms.len(), understood.ignored.len()), (12, 18));
    // However many terms there are, what is asked of the database does not grow beyond them.
    let attempts = understood.attempts();
    assert!(attempts.len() <= 3, "{}", attempts.len());
    let longest = attempts.iter().map(|all| written(all).len()).max();
    assert!(longest < Some(12 * 200), "{longest:?}");
    assert_eq!(
        lexicon
            .understand("drop'); drop table")
            .all()
            .unwrap()
            .matches('\'')
            .count()
            % 2,
        0
    );
}

fn written(conditions: &[Condition]) -> String {
    conditions.iter().map(Condition::text).collect()
}

#[test]
fn what_lacks_a_term_has_the_others() {
    let understood = lexicon().understand("aaa bbb ccc");
    let attempts = understood.attempts();
    let query = written(&attempts[1]);
    for word in ["'aaa':*", "'bbb':*", "'ccc':*"] {
        assert_eq!(query.matches(word).count(), 2, "{query}");
    }
    assert_eq!(attempts[0].len(), 3);
}

#[test]
fn places_are_given_up_last() {
    let understood = lexicon().understand("aaa bbb Kenya");
    let attempts = understood.attempts();
    let named: Vec<bool> = attempts
        .iter()
        .map(|all| written(all).contains("ke"))
        .collect();
    assert!(named.iter().all(|named| *named), "{attempts:?}");
    let without: Vec<usize> = attempts.iter().map(|all| all.len()).collect();
    assert_eq!(without, [3, 2, 1, 1], "{attempts:?}");
}
