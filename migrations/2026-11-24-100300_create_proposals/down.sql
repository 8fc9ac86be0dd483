drop table ledger.proposals;
drop function ledger.keep_decided;
