-- Answers to writes with an Idempotency-Key, kept for 24 hours and written with the change itself.
create table ledger.idempotency (
  actor text not null,
  key text not null,
  fingerprint bytea not null,
  created_at timestamptz not null,
  status integer not null,
  etag text,
  location text,
  body text not null,
  constraint idempotency_key primary key (actor, key)
);
comment on table ledger.idempotency is 'What was answered to a write, to be answered again.';
create index idempotency_created_at on ledger.idempotency (created_at);
grant select, insert, delete on ledger.idempotency to lodestar_writer;
