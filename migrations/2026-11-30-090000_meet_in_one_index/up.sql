-- Who filters by several lists at once, as by country and language, is answered by one index that holds them all: it
-- steps from one record that has them to the next, and does not first gather the many that speak a language. Little waits
-- to be put into it (kB), since every filter looks through that.
create index hotlines_lists on published.hotlines
    using gin (countries, coverage, languages, channels, topics, populations) with (gin_pending_list_limit = 256);
create index hotlines_lists on ledger.hotlines
    using gin (countries, coverage, languages, channels, topics, populations) with (gin_pending_list_limit = 256);
create index organizations_lists on published.organizations
    using gin (topics, populations) with (gin_pending_list_limit = 256);
create index organizations_lists on ledger.organizations
    using gin (topics, populations) with (gin_pending_list_limit = 256);
drop index
    published.hotlines_countries, published.hotlines_coverage, published.hotlines_languages,
    published.hotlines_channels, published.hotlines_topics, published.hotlines_populations,
    ledger.hotlines_countries_idx, ledger.hotlines_coverage_idx, ledger.hotlines_languages_idx,
    ledger.hotlines_channels_idx, ledger.hotlines_topics_idx, ledger.hotlines_populations_idx,
    published.organizations_topics, published.organizations_populations,
    ledger.organizations_topics_idx, ledger.organizations_populations_idx;
