-- The vocabularies that the other resources name by slug.
create table published.topics (
  id uuid primary key,
  slug text not null constraint topics_slug unique,
  revision bigint not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  name text not null,
  words tsvector not null,
  document jsonb not null
);
comment on table published.topics is 'Published, visible topics: the public part of each document, and the columns it is found by.';
create index topics_words on published.topics using gin (words);
create index topics_name on published.topics (name, id);

grant select on published.topics to lodestar_reader;
grant select, insert, update, delete on published.topics to lodestar_writer;

create table published.populations (
  id uuid primary key,
  slug text not null constraint populations_slug unique,
  revision bigint not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  name text not null,
  words tsvector not null,
  document jsonb not null
);
comment on table published.populations is 'Published, visible populations: the public part of each document, and the columns it is found by.';
create index populations_words on published.populations using gin (words);
create index populations_name on published.populations (name, id);

grant select on published.populations to lodestar_reader;
grant select, insert, update, delete on published.populations to lodestar_writer;

create table published.sources (
  id uuid primary key,
  slug text not null constraint sources_slug unique,
  revision bigint not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  title text not null,
  words tsvector not null,
  document jsonb not null
);
comment on table published.sources is 'Published, visible sources: the public part of each document, and the columns it is found by.';
create index sources_words on published.sources using gin (words);
create index sources_title on published.sources (title, id);

grant select on published.sources to lodestar_reader;
grant select, insert, update, delete on published.sources to lodestar_writer;

create table published.indicators (
  id uuid primary key,
  slug text not null constraint indicators_slug unique,
  revision bigint not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  title text not null,
  kind text not null,
  words tsvector not null,
  document jsonb not null
);
comment on table published.indicators is 'Published, visible indicators: the public part of each document, and the columns it is found by.';
create index indicators_words on published.indicators using gin (words);
create index indicators_title on published.indicators (title, id);

grant select on published.indicators to lodestar_reader;
grant select, insert, update, delete on published.indicators to lodestar_writer;

create table published.countries (
  id uuid primary key,
  slug text not null constraint countries_slug unique,
  revision bigint not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  name text not null,
  words tsvector not null,
  document jsonb not null
);
comment on table published.countries is 'Published, visible countries: the public part of each document, and the columns it is found by.';
create index countries_words on published.countries using gin (words);
create index countries_name on published.countries (name, id);

grant select on published.countries to lodestar_reader;
grant select, insert, update, delete on published.countries to lodestar_writer;
