drop table ledger.idempotency;
