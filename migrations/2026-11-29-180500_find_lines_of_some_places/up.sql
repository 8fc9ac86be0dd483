-- What is not worldwide is nearly everything, and no index by coverage finds what lacks something.
create index hotlines_of_some_places on published.hotlines (name, id) where not (coverage @> array['WLD']);
create index hotlines_of_some_places on ledger.hotlines (name, id) where not (coverage @> array['WLD']);
