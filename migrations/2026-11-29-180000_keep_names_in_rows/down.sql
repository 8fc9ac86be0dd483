alter table published.organizations alter column name set storage extended;
alter table published.hotlines alter column name set storage extended;
alter table published.regional_contacts alter column name set storage extended;
