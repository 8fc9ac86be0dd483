-- Pairs of records that look alike and are two: who said so and why, and what the evidence was. No part of the directory: with
-- other evidence the pair is looked at again.
create table ledger.dismissals (
  one_id uuid not null constraint dismissals_one references ledger.records (id),
  other_id uuid not null constraint dismissals_other references ledger.records (id),
  evidence text not null,
  reason text not null,
  dismissed_by text not null,
  dismissed_at timestamptz not null,
  constraint dismissals_key primary key (one_id, other_id),
  constraint dismissals_order check (one_id < other_id)
);
comment on table ledger.dismissals is 'Pairs of records of which somebody said that they are no duplicates.';
create index dismissals_other_id on ledger.dismissals (other_id);
grant select, insert, update, delete on ledger.dismissals to lodestar_writer;
