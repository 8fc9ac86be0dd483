-- The tables that records are read from hold each document as its text. It is read as often as a record is shown, and asked for
-- a part of it by nobody but those who look for what cites a source; out of `jsonb` that text was written anew each time, which
-- took half of what Postgres did for a page. The ledger's own records and entries stay `jsonb`.
drop view past.statistics;
drop index published.organizations_sources, published.hotlines_sources, published.regional_contacts_sources, published.vocabularies_sources, published.vocabularies_short_codes;
alter table published.vocabularies alter column document type json using document::json;
alter table published.organizations alter column document type json using document::json;
alter table published.hotlines alter column document type json using document::json;
alter table published.regional_contacts alter column document type json using document::json;
alter table published.statistics alter column document type json using document::json;
alter table ledger.vocabularies alter column document type json using document::json;
alter table ledger.organizations alter column document type json using document::json;
alter table ledger.hotlines alter column document type json using document::json;
alter table ledger.regional_contacts alter column document type json using document::json;
alter table ledger.statistics alter column document type json using document::json;
create index organizations_sources on published.organizations using gin ((document::jsonb -> 'sources') jsonb_path_ops);
create index hotlines_sources on published.hotlines using gin ((document::jsonb -> 'sources') jsonb_path_ops);
create index regional_contacts_sources on published.regional_contacts using gin ((document::jsonb -> 'sources') jsonb_path_ops);
create index vocabularies_sources on published.vocabularies using gin ((document::jsonb -> 'sources') jsonb_path_ops);
create index vocabularies_short_codes on published.vocabularies using gin ((document::jsonb -> 'short_codes') jsonb_path_ops);
-- What is compared with a figure was looked for in all that was ever said of figures, once for each revision of one that has a
-- baseline. An index tells it, where the condition is on what an entry says and not on what may be shown of it: so figures whose
-- baseline may not be named stand apart.
create index entries_baseline on ledger.entries ((document ->> 'baseline')) where resource = 'statistics' and document ->> 'baseline' is not null;
-- `offset 0` keeps each name a look into an index; joined, all names would be read for each figure.
create view past.figures as
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
  (e.document - 'indicator'
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
    else '{}' end)::json as document,
  e.status, e.visibility,
  e.document ->> 'baseline' as baseline,
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
comment on view past.figures is 'The same as past.statistics, with baselines that may not be named. Nobody reads this one but the next.';

create view past.statistics with (security_barrier) as
select
  id, slug, revision, created_at, last_modified, indicator_id, title, geography, period_start, period_end, value,
  unit, publisher, sources, assessment, words, document, status, visibility, baseline, distribution, sex, age_band,
  exploitation, population, denominator, observation_status, published_on, series, critics
from past.figures f where baseline is null or exists (select from past.names n where n.resource = 'statistics' and n.slug = f.baseline offset 0)
union all
select
  id, slug, revision, created_at, last_modified, indicator_id, title, geography, period_start, period_end, value,
  unit, publisher, sources, assessment, words, document, status, visibility, null::text, distribution, sex, age_band,
  exploitation, population, denominator, observation_status, published_on, series, critics
from past.figures f where baseline is not null and not exists (select from past.names n where n.resource = 'statistics' and n.slug = f.baseline offset 0);
comment on view past.statistics is 'Of observations that are public now what the public saw of them at the revision that is looked back to.';
grant select on past.statistics to lodestar_reader;
