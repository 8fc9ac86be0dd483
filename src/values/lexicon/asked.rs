//! A search as it was understood, and the `tsquery` texts that it comes to.

use super::{
    Expression, Group, Meaning,
    found::{at_mark, in_mark, kind_mark, name_mark},
    quoted,
};
use crate::values::place;

/// One thing that is looked for.
#[derive(Debug, Clone)]
pub struct Term {
    /// Its words, corrected.
    pub words: Vec<String>,
    /// Itself.
    pub literal: Expression,
    /// What means the same.
    pub wider: Vec<Expression>,
    /// Words of what means the same, for highlights.
    pub spotlight: Vec<String>,
    /// What means the same, as a name may read.
    pub names: Vec<String>,
    /// Codes of the places that it names.
    pub places: Vec<String>,
    /// Slugs of the synonyms that widened it.
    pub synonyms: Vec<String>,
    /// The resource that it asks for.
    pub kind: Option<String>,
    /// In how many records it stands, as far as is known.
    pub frequency: u64,
    /// Of how many.
    pub records: u64,
}

impl Term {
    /// Of its words.
    pub fn new(words: Vec<String>, literal: Expression) -> Self {
        Self {
            words,
            literal,
            wider: Vec::new(),
            spotlight: Vec::new(),
            names: Vec::new(),
            places: Vec::new(),
            synonyms: Vec::new(),
            kind: None,
            frequency: 0,
            records: 0,
        }
    }

    /// Itself or what means the same.
    fn whole(&self) -> Expression {
        let mut any = vec![self.literal.clone()];
        any.extend(self.wider.iter().cloned());
        any.extend(self.kind.as_deref().map(kind_mark).map(Expression::Mark));
        Expression::Any(any)
    }

    /// What narrows a search to this term: itself, and the marks that say the same.
    fn condition(&self) -> Condition {
        Condition(self.whole().alternatives(""))
    }

    /// Itself alone, or in names alone; where it asks for a place or a kind, the marks of that too.
    fn narrowly(&self, in_names: bool) -> Condition {
        let literal = match in_names {
            true => self.literal.called(),
            false => Some(self.literal.clone()),
        };
        let mut any: Vec<Expression> = literal.into_iter().collect();
        if self.anywhere() {
            let marks = self.wider.iter();
            any.extend(
                marks
                    .filter(|one| matches!(one, Expression::Mark(_)))
                    .cloned(),
            );
            any.extend(self.kind.as_deref().map(kind_mark).map(Expression::Mark));
        }
        Condition(Expression::Any(any).alternatives(""))
    }

    /// Whether it is as good wherever it stands: a place, a kind.
    fn anywhere(&self) -> bool {
        !self.places.is_empty() || self.kind.is_some()
    }

    /// How much it says: what few records hold says more. Conditions of place and kind say little
    /// about which record is meant.
    pub fn weight(&self) -> f64 {
        let plain = (1.0 + (self.records as f64 + 1.0) / (self.frequency as f64 + 1.0)).ln();
        match (self.kind.is_some(), self.places.is_empty()) {
            (true, _) => 0.15 * plain,
            (_, false) => 1.5 * plain,
            _ => plain,
        }
    }

    /// What tells one record that holds it from another.
    pub fn tests(&self) -> Tests {
        let whole = self.whole();
        let in_names = self.literal.text("A").unwrap_or_default();
        let wide = whole.text("A").unwrap_or_default();
        Tests {
            weight: self.weight(),
            anywhere: self.anywhere(),
            wide: (wide != in_names).then_some(wide),
            in_names,
            itself: self.literal.text("").unwrap_or_default(),
            whole: whole.text("").unwrap_or_default(),
        }
    }
}

impl Term {
    /// Widens it by what means the same.
    pub(super) fn join_group(&mut self, group: &Group, meanings: &[Meaning]) {
        for meaning in meanings.iter().filter(|one| one.words != self.words) {
            self.wider.push(meaning.phrase.clone());
            self.spotlight.extend(meaning.words.iter().cloned());
            self.names.push(meaning.name.clone());
        }
        let marks = group.marks.iter().cloned().map(Expression::Mark);
        self.wider.extend(marks);
        self.synonyms.extend(group.slug.clone());
        if group.kind.is_some() {
            self.kind.clone_from(&group.kind);
        }
    }

    /// Widens it by what serves these places.
    pub(super) fn join_places(&mut self, places: &[&'static str]) {
        // A part of one country that is called like another is meant less often, and then by itself.
        let country_named = places.iter().any(|code| !code.contains('-'));
        for code in places {
            self.places.push((*code).to_owned());
            match code.split_once('-') {
                None => self.wider.push(Expression::Mark(in_mark(code))),
                Some((country, _)) => {
                    self.wider.push(Expression::Mark(at_mark(code)));
                    if !country_named {
                        self.wider.push(Expression::Mark(at_mark(country)));
                    }
                }
            }
        }
    }
}

/// What a record must hold: one of these `tsquery` texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition(pub Vec<String>);

impl Condition {
    /// As one text.
    pub fn text(&self) -> String {
        format!("({})", self.0.join(" | "))
    }
}

/// The texts by which records with a term are told apart, the best first.
#[derive(Debug, Clone)]
pub struct Tests {
    /// How much the term says.
    pub weight: f64,
    /// Whether it is the same where in a record it stands.
    pub anywhere: bool,
    /// Itself in names.
    pub in_names: String,
    /// What means the same in names, if anything does.
    pub wide: Option<String>,
    /// Itself anywhere.
    pub itself: String,
    /// Itself or what means the same, anywhere.
    pub whole: String,
}

/// A word that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// As it was written.
    pub from: String,
    /// What it was taken for.
    pub to: String,
    /// Whether that is a word of synonyms or places, whatever the directory holds.
    pub own: bool,
}

/// Of so many terms all choices of some are tried.
const CHOICES: usize = 5;

/// What a search means.
#[derive(Debug, Clone, Default)]
pub struct Understood {
    /// What is looked for.
    pub terms: Vec<Term>,
    /// Words that nobody knows, and what each was taken for.
    pub corrected: Vec<Corrected>,
    /// Words that do not count.
    pub ignored: Vec<String>,
    names: Vec<String>,
    inner_names: Vec<String>,
}

impl Understood {
    pub(super) fn new(
        terms: Vec<Term>,
        corrected: Vec<Corrected>,
        ignored: Vec<String>,
        (names, inner_names): (Vec<String>, Vec<String>),
    ) -> Self {
        Self {
            terms,
            corrected,
            ignored,
            names,
            inner_names,
        }
    }

    /// The `tsquery` text of what holds every term; `None` where there is nothing to look for.
    pub fn all(&self) -> Option<String> {
        let terms = self.terms.iter();
        let every: Vec<String> = terms.map(|term| term.condition().text()).collect();
        (!every.is_empty()).then(|| every.join(" & "))
    }

    /// What holds every term itself, in names or anywhere.
    pub fn narrowly(&self, in_names: bool) -> Vec<Condition> {
        let terms = self.terms.iter();
        terms.map(|term| term.narrowly(in_names)).collect()
    }

    /// About which share of all records holds every term itself, were they independent of each other.
    pub fn share(&self) -> f64 {
        let share = |term: &Term| term.frequency as f64 / (term.records.max(1)) as f64;
        self.terms.iter().map(share).product()
    }

    /// What is looked for in turn until something is found, each as conditions that must all hold: every
    /// term; all but one or two; any. Places go last: help elsewhere is none. Of more than five terms the choices
    /// are too many to spell out, so that any suffices at once.
    pub fn attempts(&self) -> Vec<Vec<Condition>> {
        let (placed, free): (Vec<&Term>, Vec<&Term>) =
            self.terms.iter().partition(|term| !term.places.is_empty());
        let conditions = |terms: &[&Term]| -> Vec<Condition> {
            terms.iter().map(|term| term.condition()).collect()
        };
        let (placed, free) = (conditions(&placed), conditions(&free));
        if self.terms.is_empty() {
            return Vec::new();
        }
        let mut attempts = vec![self.terms.iter().map(Term::condition).collect()];
        let texts: Vec<String> = free.iter().map(Condition::text).collect();
        let most = free.len();
        let fewer = (1..most.min(3)).filter(|_| most <= CHOICES);
        for missing in fewer.chain((most > 3 || most > CHOICES).then(|| most - 1)) {
            let chosen = combinations(most, most - missing).into_iter();
            let chosen = chosen.map(|places| {
                let texts: Vec<&str> = places.iter().map(|place| texts[*place].as_str()).collect();
                format!("({})", texts.join(" & "))
            });
            let any = Condition(chosen.collect());
            attempts.push(placed.iter().cloned().chain([any]).collect());
        }
        if self.terms.len() > 1 {
            let any = placed.iter().chain(&free).map(Condition::text).collect();
            attempts.push(placed);
            attempts.push(vec![Condition(any)]);
        }
        attempts.retain(|conditions| !conditions.is_empty());
        attempts
    }

    /// Of what has any of its terms; for a first weighing.
    pub fn any(&self) -> String {
        let literal = self.terms.iter().filter_map(|term| term.literal.text(""));
        literal.collect::<Vec<_>>().join(" | ")
    }

    /// Of what is called exactly so.
    pub fn named(&self) -> String {
        let names: Vec<String> = self
            .names
            .iter()
            .map(|name| quoted(&name_mark(name), ""))
            .collect();
        names.join(" | ")
    }

    /// Of what is called by what means the same, where the search is nothing but one term.
    pub fn named_wide(&self) -> String {
        let [term] = self.terms.as_slice() else {
            return self.named();
        };
        let names = term.names.iter();
        let names: Vec<String> = names
            .map(|name| quoted(&name_mark(name), ""))
            .chain([self.named()])
            .collect();
        names.join(" | ")
    }

    /// Of what has a name that starts so, or that stands in the search with all its words.
    pub fn named_like(&self) -> String {
        let inner = self.inner_names.iter();
        let inner = inner.map(|name| quoted(&name_mark(name), ""));
        let starting = self.names.iter();
        let starting = starting.map(|name| quoted(&name_mark(name), "*"));
        let names: Vec<String> = starting.chain(inner).collect();
        names.join(" | ")
    }

    /// Of what serves exactly the places named, or the world where none is.
    pub fn placed(&self) -> String {
        let codes = self.terms.iter().flat_map(|term| &term.places);
        let mut marks: Vec<String> = codes.map(|code| quoted(&at_mark(code), "")).collect();
        if marks.is_empty() {
            marks.push(quoted(&at_mark(place::WORLD), ""));
        }
        marks.join(" | ")
    }

    /// The resource that is asked for.
    pub fn kind(&self) -> Option<&str> {
        self.terms.iter().find_map(|term| term.kind.as_deref())
    }

    /// Codes of the places named.
    pub fn places(&self) -> Vec<String> {
        each(self.terms.iter().flat_map(|term| &term.places))
    }

    /// Slugs of the synonyms used.
    pub fn synonyms(&self) -> Vec<String> {
        each(self.terms.iter().flat_map(|term| &term.synonyms))
    }
}

fn each<'a>(all: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for one in all {
        if !list.contains(one) {
            list.push(one.clone());
        }
    }
    list
}

/// The ways to choose so many of the first numbers.
fn combinations(of: usize, many: usize) -> Vec<Vec<usize>> {
    if many == 0 {
        return vec![Vec::new()];
    }
    (many - 1..of)
        .flat_map(|last| {
            combinations(last, many - 1)
                .into_iter()
                .map(move |mut chosen| {
                    chosen.push(last);
                    chosen
                })
        })
        .collect()
}
