-- Progress and samples ask for verifications of a time, which are few among all entries.
create index entries_verifications on ledger.entries (at) where verification is not null;
