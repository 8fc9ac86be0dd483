alter table published.statistics add column baseline text, add column distribution text;
alter table ledger.statistics add column baseline text, add column distribution text;
comment on column published.statistics.baseline is 'The slug of the observation that it is measured from or compared with: what changes come to is computed from those that share it.';
comment on column published.statistics.distribution is 'The group of shares of one total that it belongs to.';
create index statistics_baseline on published.statistics (baseline) where baseline is not null;
create index statistics_baseline on ledger.statistics (baseline) where baseline is not null;
create index statistics_distribution on ledger.statistics (distribution) where distribution is not null;

-- Every observation is written anew once.
update ledger.records set names = null where resource = 'statistics';
