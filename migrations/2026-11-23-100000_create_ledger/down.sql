revoke select on __diesel_schema_migrations from lodestar_writer;
drop function published.terms_of;
drop function published.words_of;
drop table published.directory;
drop table ledger.head;
drop table ledger.entries;
drop table ledger.records;
