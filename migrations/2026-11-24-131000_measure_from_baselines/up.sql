alter table published.statistics add column baseline text;
alter table ledger.statistics add column baseline text;
comment on column published.statistics.baseline is 'The slug of the observation that it is measured from or compared with: what changes come to is computed from those that share it.';
create index statistics_baseline on published.statistics (baseline) where baseline is not null;
create index statistics_baseline on ledger.statistics (baseline) where baseline is not null;

-- Every observation is written anew once, and met by its distribution from then on.
update ledger.records set names = null where resource = 'statistics';
