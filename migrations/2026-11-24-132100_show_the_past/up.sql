-- What the directory said of figures at an earlier time, from the ledger itself. Views belong to the owner, so that the reader
-- needs no right on the ledger; schema `past` holds the table of statistics as it stood, under the same name and with the same
-- columns, so that the same queries answer with the search path turned.
do $$
begin
  if not exists (select from pg_namespace where nspname = 'past') then
    raise exception 'the schema past is missing: run the SQL of `lodestar grants` as a superuser, which makes it';
  end if;
end
$$;

drop index ledger.entries_record_id;
create index entries_record_id on ledger.entries (record_id, revision);
create index entries_at on ledger.entries (at, revision);
create index entries_statistics on ledger.entries (slug, revision) where resource = 'statistics';

-- The last revision that counts: the one named, or the last before a moment. Nothing where neither is set.
create view past.bound as
select coalesce(
  nullif(current_setting('lodestar.revision', true), '')::bigint,
  (select e.revision from ledger.entries e where e.at <= nullif(current_setting('lodestar.moment', true), '')::timestamptz
   order by e.at desc, e.revision desc limit 1)) as revision;
comment on view past.bound is 'The revision that is looked back to, as the transaction says it.';

-- Names that may be shown of the past: of records that are public now and were public then. Nobody reads this one but the next.
create view past.names as
select one.resource, one.id, one.slug
from ledger.records one
where one.status = 'published' and one.visibility = 'public' and exists (
  select from ledger.entries e where e.record_id = one.id and e.status = 'published' and e.visibility = 'public'
    and e.revision = (select max(last.revision) from ledger.entries last
      where last.record_id = one.id and last.revision <= (select revision from past.bound)))
union all
select former.resource, one.id, former.slug
from ledger.slugs former join ledger.records one on one.id = former.record_id
where one.status = 'published' and one.visibility = 'public' and exists (
  select from ledger.entries e where e.record_id = one.id and e.status = 'published' and e.visibility = 'public'
    and e.revision = (select max(last.revision) from ledger.entries last
      where last.record_id = one.id and last.revision <= (select revision from past.bound)))
  -- A record that stands under a slug answers for itself.
  and not exists (select from ledger.records now where now.resource = former.resource and now.slug = former.slug);
comment on view past.names is 'What a figure of the past may name.';

-- `offset 0` keeps each name a look into an index; joined, all names would be read for each figure.
create view past.statistics with (security_barrier) as
select e.record_id as id, e.slug, e.revision, r.created_at, e.at as last_modified,
  (select n.id from past.names n where n.resource = 'indicators' and n.slug = e.document ->> 'indicator') as indicator_id,
  e.document ->> 'title' as title,
  e.document ->> 'geography' as geography,
  coalesce(e.document ->> 'period_start', e.document ->> 'period_end')::date as period_start,
  coalesce(e.document ->> 'period_end', e.document ->> 'period_start')::date as period_end,
  (e.document ->> 'value')::numeric as value,
  e.document ->> 'unit' as unit,
  e.document ->> 'publisher' as publisher,
  array(select one ->> 'source' from jsonb_array_elements(e.document -> 'sources') one
    where exists (select from past.names n where n.resource = 'sources' and n.slug = one ->> 'source' offset 0)) as sources,
  e.document ->> 'assessment' as assessment,
  ''::tsvector as words,
  e.document - 'indicator'
  || jsonb_build_object(
    'sources', (select coalesce(jsonb_agg(one order by place), '[]')
      from jsonb_array_elements(e.document -> 'sources') with ordinality as listed (one, place)
      where exists (select from past.names n where n.resource = 'sources' and n.slug = one ->> 'source' offset 0)),
    'critiques', (select coalesce(jsonb_agg(one order by place), '[]')
      from jsonb_array_elements(e.document -> 'critiques') with ordinality as listed (one, place)
      where exists (select from past.names n where n.resource = 'sources' and n.slug = one ->> 'source' offset 0)))
  || case when e.document ->> 'baseline' is null
      or exists (select from past.names n where n.resource = 'statistics' and n.slug = e.document ->> 'baseline' offset 0)
    then '{}' else '{"baseline": null}' end::jsonb
  || case when e.document ->> 'superseded_by' is null
      or exists (select from past.names n where n.resource = 'statistics' and n.slug = e.document ->> 'superseded_by' offset 0)
    then '{}' else '{"superseded_by": null}' end::jsonb
  || case when jsonb_typeof(e.document -> 'overlaps') = 'array'
    then jsonb_build_object('overlaps', (select coalesce(jsonb_agg(one order by place), '[]')
      from jsonb_array_elements(e.document -> 'overlaps') with ordinality as listed (one, place)
      where exists (select from past.names n where n.resource = 'statistics' and n.slug = one #>> '{}' offset 0)))
    else '{}' end as document,
  e.status, e.visibility,
  case when e.document ->> 'baseline' is not null
      and exists (select from past.names n where n.resource = 'statistics' and n.slug = e.document ->> 'baseline' offset 0)
    then e.document ->> 'baseline' end as baseline,
  e.document ->> 'distribution' as distribution,
  e.document ->> 'sex' as sex,
  e.document ->> 'age_band' as age_band,
  e.document ->> 'exploitation' as exploitation,
  e.document ->> 'population' as population,
  e.document ->> 'denominator' as denominator,
  e.document ->> 'observation_status' as observation_status,
  e.document ->> 'published_on' as published_on,
  case when coalesce(e.document ->> 'period_start', e.document ->> 'period_end') is not null
    then jsonb_build_array(e.document -> 'indicator', e.document -> 'geography', e.document -> 'sex', e.document -> 'age_band',
      e.document -> 'exploitation', e.document -> 'population', e.document -> 'denominator', e.document -> 'publisher',
      e.document -> 'unit', e.document -> 'share')::text end as series,
  array(select one ->> 'source' from jsonb_array_elements(e.document -> 'critiques') one
    where exists (select from past.names n where n.resource = 'sources' and n.slug = one ->> 'source' offset 0)) as critics
from ledger.entries e join ledger.records r on r.id = e.record_id
where e.resource = 'statistics' and e.status = 'published' and e.visibility = 'public'
  and r.status = 'published' and r.visibility = 'public'
  and e.revision <= (select revision from past.bound)
  and not exists (select from ledger.entries later where later.record_id = e.record_id
    and later.revision > e.revision and later.revision <= (select revision from past.bound))
  -- What was hidden once stays gone, though the record shows again.
  and not exists (select from ledger.entries hidden where hidden.record_id = e.record_id
    and hidden.revision > e.revision and hidden.visibility = 'hidden');
comment on view past.statistics is 'Of observations that are public now what the public saw of them at the revision that is looked back to.';
grant select on past.statistics to lodestar_reader;

create view published.earlier with (security_barrier) as
select e.record_id as id, e.revision, e.at
from ledger.entries e join ledger.records r on r.id = e.record_id
where e.resource = 'statistics' and e.status = 'published' and e.visibility = 'public'
  and r.status = 'published' and r.visibility = 'public'
  and not exists (select from ledger.entries hidden where hidden.record_id = e.record_id
    and hidden.revision > e.revision and hidden.visibility = 'hidden');
comment on view published.earlier is 'At which revisions the public saw an observation change that it sees now.';
grant select on published.earlier to lodestar_reader, lodestar_writer;
