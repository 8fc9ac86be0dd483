alter table ledger.statistics drop column distribution, drop column baseline;
alter table published.statistics drop column distribution, drop column baseline;
