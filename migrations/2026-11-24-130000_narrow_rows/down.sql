alter index published.organizations_words reset (gin_pending_list_limit);
alter index published.hotlines_words reset (gin_pending_list_limit);
alter index published.regional_contacts_words reset (gin_pending_list_limit);
alter index published.statistics_words reset (gin_pending_list_limit);
alter table published.organizations reset (toast_tuple_target), alter column words set storage extended;
alter table published.hotlines reset (toast_tuple_target), alter column words set storage extended;
alter table published.regional_contacts reset (toast_tuple_target), alter column words set storage extended;
alter table published.statistics reset (toast_tuple_target), alter column words set storage extended;
update ledger.records set names = null;
