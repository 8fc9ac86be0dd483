alter table published.statistics drop column sex, drop column age_band, drop column exploitation, drop column population, drop column denominator,
  drop column observation_status, drop column published_on, drop column series, drop column critics;
alter table ledger.statistics drop column sex, drop column age_band, drop column exploitation, drop column population, drop column denominator,
  drop column observation_status, drop column published_on, drop column series, drop column critics;
