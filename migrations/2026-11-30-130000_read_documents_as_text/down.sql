drop view past.statistics;
drop view past.figures;
drop index ledger.entries_baseline;
drop index published.organizations_sources, published.hotlines_sources, published.regional_contacts_sources, published.vocabularies_sources, published.vocabularies_short_codes;
alter table published.vocabularies alter column document type jsonb using document::jsonb;
alter table published.organizations alter column document type jsonb using document::jsonb;
alter table published.hotlines alter column document type jsonb using document::jsonb;
alter table published.regional_contacts alter column document type jsonb using document::jsonb;
alter table published.statistics alter column document type jsonb using document::jsonb;
alter table ledger.vocabularies alter column document type jsonb using document::jsonb;
alter table ledger.organizations alter column document type jsonb using document::jsonb;
alter table ledger.hotlines alter column document type jsonb using document::jsonb;
alter table ledger.regional_contacts alter column document type jsonb using document::jsonb;
alter table ledger.statistics alter column document type jsonb using document::jsonb;
create index organizations_sources on published.organizations using gin ((document -> 'sources') jsonb_path_ops);
create index hotlines_sources on published.hotlines using gin ((document -> 'sources') jsonb_path_ops);
create index regional_contacts_sources on published.regional_contacts using gin ((document -> 'sources') jsonb_path_ops);
create index vocabularies_sources on published.vocabularies using gin ((document -> 'sources') jsonb_path_ops);
create index vocabularies_short_codes on published.vocabularies using gin ((document -> 'short_codes') jsonb_path_ops);
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
