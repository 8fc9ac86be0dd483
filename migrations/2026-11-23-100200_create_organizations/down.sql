drop table published.organizations;
