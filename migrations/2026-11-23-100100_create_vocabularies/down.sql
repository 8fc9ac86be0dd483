drop table published.vocabularies;
