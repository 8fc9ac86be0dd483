drop table ledger.dismissals;
