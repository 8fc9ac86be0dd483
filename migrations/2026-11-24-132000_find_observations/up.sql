-- Dimensions and the like as columns, on both sides: what observations are narrowed by, and which of them follow each other.
alter table published.statistics add sex text, add age_band text, add exploitation text, add population text, add denominator text,
  add observation_status text not null default 'normal', add published_on text, add series text, add critics text[] not null default '{}';
alter table ledger.statistics add sex text, add age_band text, add exploitation text, add population text, add denominator text,
  add observation_status text not null default 'normal', add published_on text, add series text, add critics text[] not null default '{}';
comment on column published.statistics.series is 'What observations that follow each other have in common, as a digest; null without a period.';
comment on column published.statistics.critics is 'The sources of its critiques.';

-- Most observations are broken down by nothing.
create index statistics_sex on published.statistics (sex) where sex is not null;
create index statistics_age_band on published.statistics (age_band) where age_band is not null;
create index statistics_exploitation on published.statistics (exploitation) where exploitation is not null;
create index statistics_population on published.statistics (lower(population)) where population is not null;
create index statistics_denominator on published.statistics (lower(denominator)) where denominator is not null;
create index statistics_observation_status on published.statistics (observation_status) where observation_status <> 'normal';
create index statistics_unit on published.statistics (unit, title, id);
create index statistics_published_on on published.statistics (published_on, id);
create index statistics_series on published.statistics (series, period_end, period_start, published_on, id) where series is not null;
create index statistics_critics on published.statistics using gin (critics);

-- Every record is written anew once.
update ledger.records set names = null;
