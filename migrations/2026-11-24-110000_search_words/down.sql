create function published.words_of(text text) returns tsvector language sql immutable parallel safe
return to_tsvector('simple'::regconfig, text);
create function published.terms_of(terms text) returns tsquery language sql immutable parallel safe
return to_tsquery('simple'::regconfig, terms);
drop function published.query_of(text);
drop function published.vector_of(text);
update ledger.records set names = null;
