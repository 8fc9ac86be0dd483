drop view published.archived;
drop view published.moved;
drop view published.changes;
alter table ledger.entries
  drop constraint entries_action,
  drop constraint entries_two_persons,
  drop second_person,
  drop proposal_id,
  drop merged_into;
update ledger.entries set action = 'updated' where action <> 'created';
alter table ledger.entries add constraint entries_action check (action in ('created', 'updated'));
drop table ledger.slugs;
drop index ledger.records_merged_into;
drop index ledger.records_unread;
drop index ledger.records_names;
drop index ledger.records_public_revision;
alter table ledger.records
  drop constraint records_merged,
  drop merged_into,
  drop public_revision,
  drop public_at,
  drop countries,
  drop former_countries,
  drop names;
create index records_organization on ledger.records ((document ->> 'organization'), resource);
create index records_indicator on ledger.records ((document ->> 'indicator'), resource);
