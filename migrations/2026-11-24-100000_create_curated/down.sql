drop table ledger.statistics, ledger.regional_contacts, ledger.hotlines, ledger.organizations, ledger.vocabularies;
alter table published.statistics drop constraint statistics_public, drop status, drop visibility;
alter table published.regional_contacts drop constraint regional_contacts_public, drop status, drop visibility;
alter table published.hotlines drop constraint hotlines_public, drop status, drop visibility;
alter table published.organizations drop constraint organizations_public, drop status, drop visibility;
alter table published.vocabularies drop constraint vocabularies_public, drop status, drop visibility;
