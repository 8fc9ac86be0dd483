-- Changes that wait for a second person, and what the public tells us. Neither is a change of the directory.
create table ledger.proposals (
  id uuid primary key,
  kind text not null constraint proposals_kind check (kind in ('change', 'suggestion')),
  state text not null constraint proposals_state check (state in ('open', 'accepted', 'rejected', 'withdrawn')),
  resource text not null,
  record_id uuid constraint proposals_record references ledger.records (id),
  base_revision bigint not null,
  patch jsonb not null,
  status text constraint proposals_status check (status in ('draft', 'published', 'archived')),
  visibility text constraint proposals_visibility check (visibility in ('public', 'hidden')),
  reason text not null,
  evidence_url text,
  proposed_by text,
  proposed_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  decision text,
  revision bigint,
  contact_point uuid,
  day date,
  times integer not null default 1,
  texts text[] not null default '{}',
  constraint proposals_suggestion check (
    case kind when 'suggestion' then proposed_by is null and patch = '{}' and status is null and visibility is null and day is not null
    else proposed_by is not null end),
  constraint proposals_decided check ((state = 'open') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
  -- Nobody decides on their own proposal; only its author withdraws it.
  constraint proposals_two_persons check (
    case state when 'open' then true
    when 'withdrawn' then lower(decided_by) = lower(proposed_by)
    else proposed_by is null or lower(decided_by) <> lower(proposed_by) end)
);
comment on table ledger.proposals is 'Merge patches that wait for a second person, and suggestions of the public, one row a number and day.';
create index proposals_record_id on ledger.proposals (record_id);
create index proposals_state on ledger.proposals (state, id);
create unique index proposals_day on ledger.proposals (record_id, coalesce(contact_point, record_id), day) where kind = 'suggestion' and state = 'open';

-- What was decided stays as it was decided.
create function ledger.keep_decided() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' then
    raise exception 'proposal % is decided', old.id using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
create trigger proposals_keep_decided before update on ledger.proposals for each row execute function ledger.keep_decided();
grant select, insert, update (state, decided_by, decided_at, decision, revision, times, texts) on ledger.proposals to lodestar_writer;
