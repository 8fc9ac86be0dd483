drop view published.earlier;
drop view past.statistics;
drop view past.names;
drop view past.bound;
drop index ledger.entries_statistics;
drop index ledger.entries_at;
drop index ledger.entries_record_id;
create index entries_record_id on ledger.entries (record_id);
