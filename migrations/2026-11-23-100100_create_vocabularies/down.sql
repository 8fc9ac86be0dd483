drop table published.countries;
drop table published.indicators;
drop table published.sources;
drop table published.populations;
drop table published.topics;
