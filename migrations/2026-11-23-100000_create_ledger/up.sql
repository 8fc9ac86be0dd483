-- The writer's side: every record as it stands, and every change that led there.
create table ledger.records (
  id uuid primary key,
  resource text not null,
  slug text not null,
  status text not null constraint records_status check (status in ('draft', 'published', 'archived')),
  visibility text not null constraint records_visibility check (visibility in ('public', 'hidden')),
  revision bigint not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  natural_key text,
  document jsonb not null,
  constraint records_slug unique (resource, slug),
  constraint records_natural_key unique (resource, natural_key)
);
create index records_organization on ledger.records ((document ->> 'organization'), resource);
create index records_indicator on ledger.records ((document ->> 'indicator'), resource);
comment on table ledger.records is 'Every record, drafts and hidden ones included; what the public may see stands in the schema published.';
comment on column ledger.records.natural_key is 'What tells two records of a resource apart besides the slug: for statistics all dimensions and the source.';

create table ledger.entries (
  revision bigint primary key,
  at timestamptz not null,
  resource text not null,
  record_id uuid not null constraint entries_record references ledger.records (id),
  slug text not null,
  action text not null constraint entries_action check (action in ('created', 'updated')),
  status text not null,
  visibility text not null,
  actor text not null,
  reason text not null,
  one_person boolean not null,
  document jsonb not null
);
create index entries_record_id on ledger.entries (record_id);
comment on table ledger.entries is 'Append-only: who changed which record when and why, and the whole document after. Revisions have no gaps and follow the order of commits.';

create table ledger.head (
  only_row boolean primary key default true constraint head_only_row check (only_row),
  revision bigint not null
);
insert into ledger.head (revision) values (0);
comment on table ledger.head is 'The last revision. Its row lock orders revisions and is the last one taken.';

create table published.directory (
  only_row boolean primary key default true constraint directory_only_row check (only_row),
  revision bigint not null,
  changed_at timestamptz not null
);
insert into published.directory (revision, changed_at) values (0, now());
comment on table published.directory is 'The last revision that changed public data; every instance follows it.';

-- Full text without stemming: the directory speaks many languages. Accents are folded before.
create function published.words_of(text text) returns tsvector language sql immutable parallel safe
return to_tsvector('simple'::regconfig, text);
create function published.terms_of(terms text) returns tsquery language sql immutable parallel safe
return to_tsquery('simple'::regconfig, terms);

grant select, insert, update on ledger.records to lodestar_writer;
grant select, insert on ledger.entries to lodestar_writer;
grant select, update on ledger.head to lodestar_writer;
grant select, update on published.directory to lodestar_writer;
grant select on published.directory to lodestar_reader;

-- The writer sees whether a newer binary has migrations that have not run.
grant select on __diesel_schema_migrations to lodestar_writer;
