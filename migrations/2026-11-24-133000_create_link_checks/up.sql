-- What an operator's check found at the addresses of sources. No part of the directory: a check
-- takes no revision and changes no record; whoever reviews sources reads it.
create table ledger.link_checks (
  source_id uuid not null constraint link_checks_source references ledger.records (id),
  checked_at timestamptz not null,
  outcome text not null constraint link_checks_outcome check (outcome in ('ok', 'moved', 'unreachable', 'refused')),
  detail text not null,
  constraint link_checks_key primary key (source_id, checked_at)
);
comment on table ledger.link_checks is 'Whether the addresses of sources still answer.';
grant select, insert on ledger.link_checks to lodestar_writer;
