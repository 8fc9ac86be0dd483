drop table ledger.imports;
