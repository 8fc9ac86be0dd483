-- What happened to each record as the public saw it, and where those went that left their address.
alter table ledger.records
  add merged_into uuid constraint records_merged_into references ledger.records (id),
  add public_revision bigint,
  add public_at timestamptz,
  add countries text[] not null default '{}',
  add former_countries text[] not null default '{}',
  add names text[],
  add constraint records_merged check (merged_into is null or status = 'archived');
comment on column ledger.records.public_revision is 'The last change that the public saw; null for a record that was never public.';
comment on column ledger.records.countries is 'Where a follower of one country meets it: countries, wider areas, WLD.';
comment on column ledger.records.former_countries is 'Where it once was met and is not now: followers there are told that it is gone.';
comment on column ledger.records.names is 'The records that it names, as resource/slug; null until this version has read it.';
update ledger.records set public_revision = revision, public_at = last_modified where status = 'published' and visibility = 'public';
create index records_public_revision on ledger.records (public_revision);
create index records_names on ledger.records using gin (names);
create index records_unread on ledger.records (id) where names is null;
create index records_merged_into on ledger.records (merged_into);
drop index ledger.records_organization;
drop index ledger.records_indicator;

create table ledger.slugs (
  resource text not null,
  slug text not null,
  record_id uuid not null constraint slugs_record references ledger.records (id),
  revision bigint not null,
  at timestamptz not null,
  constraint slugs_key primary key (resource, slug)
);
comment on table ledger.slugs is 'Slugs that once led elsewhere, and the record that they lead to now.';
create index slugs_record_id on ledger.slugs (record_id);
create index slugs_revision on ledger.slugs (revision);
grant select, insert, update on ledger.slugs to lodestar_writer;

alter table ledger.entries
  add second_person text,
  add proposal_id uuid,
  add merged_into uuid,
  add constraint entries_two_persons check (lower(second_person) <> lower(actor)),
  drop constraint entries_action,
  add constraint entries_action check (action in ('created', 'updated', 'published', 'archived', 'hidden', 'shown'));
comment on column ledger.entries.second_person is 'Who else answered for the change.';

-- Views belong to the owner of the tables, so that the reader sees these columns of these rows alone.
create view published.changes with (security_barrier) as
select public_revision as revision, public_at as at, resource, id,
  case when status = 'published' and visibility = 'public' then slug end as slug,
  case when status = 'published' and visibility = 'public' then countries else '{}' end as countries,
  case when status = 'published' and visibility = 'public' then former_countries else former_countries || countries end as former_countries
from ledger.records where public_revision is not null;
comment on view published.changes is 'The last thing that happened to each record that is or was public; without a slug it is gone.';

create view published.moved with (security_barrier) as
select old.revision, old.resource, old.slug as former_slug, target.id, target.slug,
  target.countries, target.former_countries
from ledger.slugs old join ledger.records target on target.id = old.record_id
where target.public_revision is not null and target.status in ('published', 'archived') and target.visibility = 'public'
  -- A record that stands under the slug answers for itself, unless it became part of another.
  and not exists (select from ledger.records now where now.resource = old.resource and now.slug = old.slug
    and now.merged_into is null);
comment on view published.moved is 'Slugs that lead to a record under another slug now: a public one, or one that is archived and was public.';

create view published.archived with (security_barrier) as
select gone.resource, gone.id, gone.slug, survivor.slug as survivor, gone.merged_into is not null as merged
from ledger.records gone
left join ledger.records survivor on survivor.id = gone.merged_into
  and survivor.status = 'published' and survivor.visibility = 'public'
where gone.status = 'archived' and gone.visibility = 'public' and gone.public_revision is not null;
comment on view published.archived is 'Records that were public and are closed or merged.';

grant select on published.changes, published.moved, published.archived to lodestar_reader, lodestar_writer;
