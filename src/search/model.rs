//! What a search is asked and what it answers.

use crate::values::{
    describe::{CountryCode, LanguageTag, SlugOrId, Words},
    lexicon::{
        Condition, Group, Tests, Understood,
        found::{self, in_mark, language_mark, topic_mark},
        quoted,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Results reach this deep.
pub const DEEPEST: i64 = 200;

/// From this share of all records on, what holds the terms is common.
const COMMON: f64 = 0.15;

/// A resource that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Organizations,
    Hotlines,
    RegionalContacts,
    Statistics,
}

/// The resources by name.
pub const KINDS: [&str; 4] = [
    "organizations",
    "hotlines",
    "regional_contacts",
    "statistics",
];

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Organizations,
        Self::Hotlines,
        Self::RegionalContacts,
        Self::Statistics,
    ];

    /// The noun in paths.
    pub fn name(self) -> &'static str {
        KINDS[self as usize]
    }

    /// The resource of a noun.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What results are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Facet {
    Country,
    Topic,
    Kind,
}

/// The facets by name.
pub const FACETS: [(&str, Facet); 3] = [
    ("country", Facet::Country),
    ("topic", Facet::Topic),
    ("kind", Facet::Kind),
];

impl Facet {
    /// Its name.
    pub fn name(self) -> &'static str {
        FACETS[self as usize].0
    }
}

/// What is searched for, and among what.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Question {
    /// What to look for, in words, names, acronyms, numbers or places, as people write them.
    #[param(value_type = Words)]
    pub search: String,
    /// Only these resources.
    #[param(inline, value_type = Vec<Kind>, required = false, style = Form, explode, max_items = 50)]
    pub kind: Vec<Kind>,
    /// Only what has its seat, serves or counts in this country or a part of it; what is worldwide does not
    /// belong to one.
    #[param(value_type = Vec<CountryCode>, required = false, style = Form, explode, max_items = 50)]
    pub country: Vec<String>,
    /// Only what is about this topic, see `/v1/topics`.
    #[param(value_type = Vec<SlugOrId>, required = false, style = Form, explode, max_items = 50)]
    pub topic: Vec<String>,
    /// Only lines that speak or interpret this language.
    #[param(value_type = Vec<LanguageTag>, required = false, style = Form, explode, max_items = 50)]
    pub language: Vec<String>,
    /// Counts of the results by country, topic or kind.
    #[param(inline, value_type = Vec<Facet>, required = false, style = Form, explode, max_items = 50)]
    pub facets: Vec<Facet>,
    /// The page, from 1; results reach 200 deep.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 1)]
    pub page: i64,
    /// Results on a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50)]
    pub per_page: i64,
}

/// A search in a body, so that what a person asks stands in no address.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchInput {
    /// What to look for, in words, names, acronyms, numbers or places, as people write them.
    #[schema(
        min_length = 1,
        max_length = 200,
        example = "helpline for children in Kenya"
    )]
    pub search: String,
    /// Only these resources.
    #[serde(default)]
    #[schema(inline, value_type = Option<Vec<Kind>>, max_items = 50)]
    pub kind: Option<Vec<String>>,
    /// Only what has its seat, serves or counts in one of these countries, ISO 3166-1 alpha-2.
    #[serde(default)]
    #[schema(value_type = Option<Vec<CountryCode>>, max_items = 50)]
    pub country: Option<Vec<String>>,
    /// Only what is about one of these topics, by slug.
    #[serde(default)]
    #[schema(value_type = Option<Vec<SlugOrId>>, max_items = 50)]
    pub topic: Option<Vec<String>>,
    /// Only lines that speak or interpret one of these languages, BCP 47.
    #[serde(default)]
    #[schema(value_type = Option<Vec<LanguageTag>>, max_items = 50)]
    pub language: Option<Vec<String>>,
    /// Counts of the results by country, topic or kind.
    #[serde(default)]
    #[schema(inline, value_type = Option<Vec<Facet>>, max_items = 50)]
    pub facets: Option<Vec<String>>,
    /// The page, from 1; results reach 200 deep.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    pub page: Option<i64>,
    /// Results on a page, 50 when left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    pub per_page: Option<i64>,
}

impl Question {
    /// The resources that are searched.
    pub fn kinds(&self) -> Vec<Kind> {
        let asked = |kind: &Kind| self.kind.is_empty() || self.kind.contains(kind);
        Kind::ALL.into_iter().filter(asked).collect()
    }

    /// What narrows the search, as conditions on marks.
    fn conditions(&self) -> Vec<Condition> {
        let any = |marks: Vec<String>| {
            let marks: Vec<String> = marks.iter().map(|mark| quoted(mark, "")).collect();
            (!marks.is_empty()).then_some(Condition(marks))
        };
        let countries = self.country.iter().map(|code| in_mark(code)).collect();
        let topics = self.topic.iter().map(|slug| topic_mark(slug)).collect();
        let languages = self.language.iter().map(|tag| language_mark(tag)).collect();
        [any(countries), any(topics), any(languages)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Terms within what narrows the search.
    pub fn within(&self, mut terms: Vec<Condition>) -> Vec<Condition> {
        terms.extend(self.conditions());
        terms
    }
}

/// What the database is asked.
#[derive(Debug)]
pub struct Sought {
    /// What a record must hold, all of it.
    pub terms: Vec<Condition>,
    /// What narrows the search beside its terms.
    pub within: Vec<Condition>,
    /// What holds every term itself: in names first, then anywhere. Nothing where not every term must be held.
    pub narrowly: Option<[Vec<Condition>; 2]>,
    /// Whether so many hold them that the first by slug are found sooner one by one than by an index.
    pub common: bool,
    /// What is called exactly so.
    pub named: String,
    /// What has a name that means the same.
    pub named_wide: String,
    /// What has a name that starts so.
    pub named_like: String,
    /// What serves exactly the places named.
    pub placed: String,
    /// What has any word.
    pub any: String,
    /// The resource that is asked for in words.
    pub kind: Option<Kind>,
    /// Whether a record must hold every term.
    pub every: bool,
    /// What tells records apart, by term.
    pub tests: Vec<Tests>,
}

impl Sought {
    /// Of what a search means, for records that hold `terms`.
    pub fn new(
        question: &Question,
        understood: &Understood,
        terms: Vec<Condition>,
        every: bool,
    ) -> Self {
        let narrowly = |in_names| question.within(understood.narrowly(in_names));
        let mut tests: Vec<Tests> = understood.terms.iter().map(|term| term.tests()).collect();
        let all: f64 = tests.iter().map(|test| test.weight).sum();
        for test in &mut tests {
            test.weight *= 4.0 / all;
        }
        Self {
            terms,
            common: question.conditions().is_empty() && understood.share() > COMMON,
            within: question.conditions(),
            narrowly: every.then(|| [narrowly(true), narrowly(false)]),
            named: understood.named(),
            named_wide: understood.named_wide(),
            named_like: understood.named_like(),
            placed: understood.placed(),
            any: understood.any(),
            kind: understood.kind().and_then(Kind::named),
            every,
            tests,
        }
    }
}

/// A record that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Its resource.
    pub kind: Kind,
    /// UUIDv7.
    pub id: Uuid,
    /// Stable and human.
    pub slug: String,
    /// How well it fits.
    pub score: f64,
}

/// A term of a vocabulary that searches are understood by.
#[derive(Debug)]
pub struct Term {
    /// `synonyms`, `topics` or `populations`.
    pub vocabulary: String,
    /// Its slug.
    pub slug: String,
    /// Its public document.
    pub document: Value,
}

/// Terms that mean the same: synonyms, and the labels of topics and populations.
pub fn groups(terms: Vec<Term>) -> Vec<Group> {
    terms.into_iter().map(group).collect()
}

fn group(term: Term) -> Group {
    let text = |name: &str| term.document[name].as_str().map(str::to_owned);
    let mut names: Vec<String> = text("name").into_iter().collect();
    let synonyms = term.vocabulary == "synonyms";
    let list = |name: &str| -> Vec<String> {
        let list = term.document[name].as_array().into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let marks = match term.vocabulary.as_str() {
        "synonyms" => list("topics").iter().map(|slug| topic_mark(slug)).collect(),
        "topics" => vec![topic_mark(&term.slug)],
        _ => vec![found::population_mark(&term.slug)],
    };
    match synonyms {
        true => names.extend(list("terms")),
        false => {
            names.push(term.slug.replace('_', " "));
            let translated = term.document["translations"].as_array();
            let translated = translated.into_iter().flatten();
            names.extend(translated.filter_map(|one| one["name"].as_str().map(str::to_owned)));
        }
    }
    Group {
        kind: text("kind").filter(|_| synonyms),
        slug: synonyms.then_some(term.slug),
        terms: names,
        marks,
    }
}
