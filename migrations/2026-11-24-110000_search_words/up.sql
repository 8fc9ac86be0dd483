-- Words come with their weights, stems and marks from values::lexicon, and so does what is looked for: both are
-- taken as they stand, without a parser between them.
create function published.vector_of(words text) returns tsvector language sql immutable parallel safe return words::tsvector;
create function published.query_of(terms text) returns tsquery language sql immutable parallel safe return terms::tsquery;
drop function published.words_of(text);
drop function published.terms_of(text);

-- Every record is written anew once.
update ledger.records set names = null;
