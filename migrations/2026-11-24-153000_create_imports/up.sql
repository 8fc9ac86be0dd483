-- What was brought to be imported and checked, to the byte, for a second person to apply. No part of the directory: a check
-- takes no revision, and what has expired is dropped by the next one.
create table ledger.imports (
  digest bytea constraint imports_key primary key constraint imports_digest check (octet_length(digest) = 32),
  form text not null constraint imports_form check (form in ('folder', 'zip', 'ndjson', 'xlsx')),
  content bytea not null,
  annotated bytea not null,
  report jsonb not null,
  revision bigint not null,
  checked_by text not null,
  checked_at timestamptz not null,
  expires_at timestamptz not null,
  applied_by text,
  applied_at timestamptz,
  applied_revision bigint
);
comment on table ledger.imports is 'What was brought to be imported and checked, for a second person to apply; for a time.';
grant select, insert, update, delete on ledger.imports to lodestar_writer;
