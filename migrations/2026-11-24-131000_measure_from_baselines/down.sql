alter table ledger.statistics drop column baseline;
alter table published.statistics drop column baseline;
