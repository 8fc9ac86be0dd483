-- Keys of maintainers. The key itself is shown once and stands nowhere; 256 random bits need no slow hash.
create table ledger.keys (
  id uuid primary key,
  name text not null,
  role text not null constraint keys_role check (role in ('contributor', 'editor', 'publisher', 'admin')),
  countries text[] not null,
  digest bytea not null constraint keys_digest unique constraint keys_sha256 check (length(digest) = 32),
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_at timestamptz
);
comment on table ledger.keys is 'Keys of maintainers: whom each stands for, what it opens, until when.';
comment on column ledger.keys.name is 'The person or job; all keys of one name are one person.';
comment on column ledger.keys.digest is 'SHA-256 of the key.';
comment on column ledger.keys.last_used_at is 'To the hour.';
grant select, insert, update (revoked_at, last_used_at) on ledger.keys to lodestar_writer;
