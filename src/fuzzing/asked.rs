//! Questions: parameters of an address, words to search for.

use crate::{
    directory::Charting,
    help,
    hotlines::{HotlineFilter, HotlineSort},
    organizations::{OrganizationFilter, OrganizationSort},
    regional_contacts::{RegionalContactFilter, RegionalContactSort},
    search,
    statistics::{StatisticFilter, StatisticSort},
    values::{
        lexicon::{Group, Lexicon, Words},
        role::Role,
        text,
    },
    web::{
        FromParams, Params,
        identity::{Identity, Proof},
        page::Listing,
        parse,
    },
};
use chrono::{DateTime, Utc};
use std::{collections::BTreeMap, sync::LazyLock};
use uuid::Uuid;

/// A query string, as the lists, help, search and the pages read it, of everybody and of an editor.
pub fn query(bytes: &[u8]) -> bool {
    let Ok(query) = str::from_utf8(bytes) else {
        return false;
    };
    let editor = Identity {
        name: "Ed".to_owned(),
        role: Role::Editor,
        countries: vec![],
        expires_at: DateTime::<Utc>::MAX_UTC,
        proof: Proof::Key(Uuid::nil()),
    };
    let mut taken = page(query);
    for by in [None, Some(&editor)] {
        taken |= [
            asked::<Listing<OrganizationFilter, OrganizationSort>>(query, by),
            asked::<Listing<HotlineFilter, HotlineSort>>(query, by),
            asked::<Listing<RegionalContactFilter, RegionalContactSort>>(query, by),
            asked::<Listing<StatisticFilter, StatisticSort>>(query, by),
            asked::<help::Question>(query, by),
            asked::<search::Question>(query, by),
            asked::<Charting>(query, by),
        ]
        .contains(&true);
    }
    taken
}

/// What is asked in one spelling is what was asked.
fn asked<T: FromParams>(query: &str, by: Option<&Identity>) -> bool {
    let read = |query: &str| {
        let mut params = Params::decode(query).ok()?.by(by.cloned());
        T::from_params(&mut params);
        let canonical = params.canonical();
        params.finish().ok().map(|()| canonical)
    };
    let canonical = read(query);
    if let Some(canonical) = &canonical {
        assert_eq!(read(canonical).as_ref(), Some(canonical), "{query}");
    }
    canonical.is_some()
}

/// A page ignores what it does not know.
fn page(query: &str) -> bool {
    let Ok(params) = Params::decode(query) else {
        return false;
    };
    let mut params = params.of_page();
    Charting::from_params(&mut params);
    params.finish_page().is_ok()
}

/// What is searched for.
pub fn search(bytes: &[u8]) -> bool {
    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
        let group = |slug: &str, terms: &[&str], kind: Option<&str>| Group {
            slug: Some(slug.to_owned()),
            terms: terms.iter().map(|term| (*term).to_owned()).collect(),
            marks: vec![format!(":topic:{slug}")],
            kind: kind.map(str::to_owned),
        };
        let groups = vec![
            group(
                "hotline",
                &["hotline", "helpline", "crisis line"],
                Some("hotlines"),
            ),
            group(
                "sex-trafficking",
                &["sex trafficking", "commercial sexual exploitation", "CSEC"],
                None,
            ),
            group(
                "forced-labour",
                &["forced labour", "trabajo forzoso", "強制労働"],
                None,
            ),
        ];
        let words = [
            "trafficking",
            "children",
            "shelter",
            "exploitation",
            "straße",
            "приют",
        ];
        let words: BTreeMap<String, u64> =
            words.into_iter().map(|one| (one.to_owned(), 7)).collect();
        Lexicon::new(1, groups, std::sync::Arc::new(Words::new(words)), 100)
    });
    let Ok(search) = str::from_utf8(bytes)
        .map_err(drop)
        .and_then(|text| parse::search(text).map_err(drop))
    else {
        return false;
    };
    if text::clean(&search).is_err() {
        return false;
    }
    let understood = LEXICON.understand(&search);
    assert!(understood.terms.len() <= 12);
    assert!(understood.terms.iter().all(|term| !term.words.is_empty()));
    let queries = [
        understood.any(),
        understood.named(),
        understood.named_wide(),
        understood.named_like(),
    ];
    let queries = understood.all().into_iter().chain(queries);
    for query in queries.filter(|query| !query.contains('\'')) {
        let count = |sign| query.matches(sign).count();
        assert_eq!(count('('), count(')'), "{query}");
    }
    let attempts = understood.attempts();
    assert!(attempts.len() <= 300, "{} attempts", attempts.len());
    !understood.terms.is_empty()
}
