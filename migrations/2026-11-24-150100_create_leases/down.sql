drop table ledger.leases;
