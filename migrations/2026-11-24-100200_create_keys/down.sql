drop table ledger.keys;
