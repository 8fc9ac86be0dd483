drop table ledger.samples;
