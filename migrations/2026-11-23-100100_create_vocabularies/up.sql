-- The vocabularies that the other resources name by slug: topics, populations, sources,
-- indicators, countries. They differ in their documents, not in how they are found.
create table published.vocabularies (
  id uuid primary key,
  slug text not null,
  revision bigint not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  vocabulary text not null,
  name text not null,
  words tsvector not null,
  document jsonb not null,
  constraint vocabularies_slug unique (vocabulary, slug)
);
comment on table published.vocabularies is 'Published, visible terms: the public part of each document, and the columns it is found by.';
create index vocabularies_name on published.vocabularies (vocabulary, name, id);
create index vocabularies_words on published.vocabularies using gin (words);

grant select on published.vocabularies to lodestar_reader;
grant select, insert, update, delete on published.vocabularies to lodestar_writer;
