drop table published.hotlines;
