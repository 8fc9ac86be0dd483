alter table published.hotlines add column schedule text;
alter table published.regional_contacts add column schedule text;
alter table ledger.hotlines add column schedule text;
alter table ledger.regional_contacts add column schedule text;
comment on column published.hotlines.schedule is 'Hours, zone and whose holidays count, joined: what is open at a moment is asked of the few that differ.';
comment on column published.regional_contacts.schedule is 'As that of hotlines.';
create index hotlines_schedule on published.hotlines (schedule);
create index regional_contacts_schedule on published.regional_contacts (schedule);

-- Every record is written anew once.
update ledger.records set names = null;
