drop index published.hotlines_of_some_places;
drop index ledger.hotlines_of_some_places;
