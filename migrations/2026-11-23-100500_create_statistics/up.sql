create table published.statistics (
  id uuid primary key,
  slug text not null constraint statistics_slug unique,
  revision bigint not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  indicator_id uuid constraint statistics_indicator references published.vocabularies (id) on delete set null,
  title text not null,
  geography text not null,
  period_start date,
  period_end date,
  value numeric,
  unit text not null,
  publisher text not null,
  sources text[] not null,
  assessment text not null,
  words tsvector not null,
  document jsonb not null
);
comment on table published.statistics is 'Published, visible observations: the public part of each document, and the columns it is found by.';
create index statistics_words on published.statistics using gin (words);
create index statistics_indicator_id on published.statistics (indicator_id, geography, period_start, id);
create index statistics_title on published.statistics (title, id);
create index statistics_last_modified on published.statistics (last_modified, id);
create index statistics_geography on published.statistics (geography, period_start, id);
create index statistics_period_start on published.statistics (period_start, id);
create index statistics_period_end on published.statistics (period_end, id);
create index statistics_value on published.statistics (value, id);
create index statistics_publisher on published.statistics (lower(publisher));
create index statistics_sources on published.statistics using gin (sources);
create index statistics_assessment on published.statistics (assessment, title, id);

grant select on published.statistics to lodestar_reader;
grant select, insert, update, delete on published.statistics to lodestar_writer;
