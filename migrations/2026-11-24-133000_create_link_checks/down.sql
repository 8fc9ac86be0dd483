drop table ledger.link_checks;
