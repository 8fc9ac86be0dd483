create table published.hotlines (
  id uuid primary key,
  slug text not null constraint hotlines_slug unique,
  revision bigint not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  organization_id uuid constraint hotlines_organization references published.organizations (id) on delete set null,
  name text not null,
  coverage text[] not null,
  countries text[] not null,
  languages text[] not null,
  channels text[] not null,
  topics text[] not null,
  populations text[] not null,
  always_open boolean,
  words tsvector not null,
  document jsonb not null
);
comment on table published.hotlines is 'Published, visible hotlines: the public part of each document, and the columns it is found by.';
create index hotlines_words on published.hotlines using gin (words);
create index hotlines_organization_id on published.hotlines (organization_id);
create index hotlines_name on published.hotlines (name, id);
create index hotlines_last_modified on published.hotlines (last_modified, id);
create index hotlines_coverage on published.hotlines using gin (coverage);
create index hotlines_countries on published.hotlines using gin (countries);
create index hotlines_languages on published.hotlines using gin (languages);
create index hotlines_channels on published.hotlines using gin (channels);
create index hotlines_topics on published.hotlines using gin (topics);
create index hotlines_populations on published.hotlines using gin (populations);
create index hotlines_always_open on published.hotlines (always_open, name, id);

grant select on published.hotlines to lodestar_reader;
grant select, insert, update, delete on published.hotlines to lodestar_writer;
comment on column published.hotlines.countries is 'The country of each area of coverage, or the wider area: what a country is looked up in.';
comment on column published.hotlines.languages is 'Every tag a caller may ask by: native and interpreted languages, and their shorter forms.';
