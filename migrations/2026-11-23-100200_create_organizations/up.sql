create table published.organizations (
  id uuid primary key,
  slug text not null constraint organizations_slug unique,
  revision bigint not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  name text not null,
  kind text not null,
  country text,
  scope text not null,
  topics text[] not null,
  populations text[] not null,
  words tsvector not null,
  document jsonb not null
);
comment on table published.organizations is 'Published, visible organizations: the public part of each document, and the columns it is found by.';
create index organizations_words on published.organizations using gin (words);
create index organizations_name on published.organizations (name, id);
create index organizations_country on published.organizations (country, name, id);
create index organizations_last_modified on published.organizations (last_modified, id);
create index organizations_kind on published.organizations (kind, name, id);
create index organizations_scope on published.organizations (scope, name, id);
create index organizations_topics on published.organizations using gin (topics);
create index organizations_populations on published.organizations using gin (populations);

grant select on published.organizations to lodestar_reader;
grant select, insert, update, delete on published.organizations to lodestar_writer;
