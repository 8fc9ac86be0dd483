drop table published.directory;
drop table ledger.head;
drop table ledger.entries;
drop table ledger.records;
