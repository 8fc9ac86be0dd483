drop table published.statistics;
