create or replace view past.statistics with (security_barrier) as
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
