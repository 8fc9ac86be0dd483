revoke select on __diesel_schema_migrations from lodestar_writer;
drop table published.directory;
drop table ledger.head;
drop table ledger.entries;
drop table ledger.records;
