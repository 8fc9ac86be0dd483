alter table ledger.regional_contacts drop column schedule;
alter table ledger.hotlines drop column schedule;
alter table published.regional_contacts drop column schedule;
alter table published.hotlines drop column schedule;
