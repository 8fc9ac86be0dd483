-- Words and documents stand outside of their rows, so that counting and filtering reads a sixth of the pages. Words are
-- read many times over when results are ranked, and are not compressed.
alter table published.organizations set (toast_tuple_target = 128), alter column words set storage external;
alter table published.hotlines set (toast_tuple_target = 128), alter column words set storage external;
alter table published.regional_contacts set (toast_tuple_target = 128), alter column words set storage external;
alter table published.statistics set (toast_tuple_target = 128), alter column words set storage external;

-- A search looks through all that waits to be put into an index: little waits (kB).
alter index published.organizations_words set (gin_pending_list_limit = 256);
alter index published.hotlines_words set (gin_pending_list_limit = 256);
alter index published.regional_contacts_words set (gin_pending_list_limit = 256);
alter index published.statistics_words set (gin_pending_list_limit = 256);

-- What a record is called stands among its words once more: every record is written anew once.
update ledger.records set names = null;
