-- The same tables on the writer's side: every record in full, in the columns that it is found by. Reads
-- with a key ask these, with the search path turned to this schema. Both sides say status and
-- visibility; on the public side there is one value of each, and the database keeps it so.
alter table published.vocabularies add status text not null default 'published', add visibility text not null default 'public';
alter table published.organizations add status text not null default 'published', add visibility text not null default 'public';
alter table published.hotlines add status text not null default 'published', add visibility text not null default 'public';
alter table published.regional_contacts add status text not null default 'published', add visibility text not null default 'public';
alter table published.statistics add status text not null default 'published', add visibility text not null default 'public';

create table ledger.vocabularies (like published.vocabularies including defaults including indexes);
create table ledger.organizations (like published.organizations including defaults including indexes);
create table ledger.hotlines (like published.hotlines including defaults including indexes,
  constraint hotlines_organization foreign key (organization_id) references ledger.organizations (id) on delete set null);
create table ledger.regional_contacts (like published.regional_contacts including defaults including indexes,
  constraint regional_contacts_organization foreign key (organization_id) references ledger.organizations (id) on delete set null);
create table ledger.statistics (like published.statistics including defaults including indexes,
  constraint statistics_indicator foreign key (indicator_id) references ledger.vocabularies (id) on delete set null);
comment on table ledger.vocabularies is 'Every term in full, drafts and hidden ones too.';
comment on table ledger.organizations is 'Every organization in full, drafts and hidden ones too.';
comment on table ledger.hotlines is 'Every hotline in full, drafts, hidden ones and hidden contact points too.';
comment on table ledger.regional_contacts is 'Every regional contact in full, drafts, hidden ones and hidden contact points too.';
comment on table ledger.statistics is 'Every observation in full, drafts and hidden ones too.';
grant select, insert, update, delete on ledger.vocabularies, ledger.organizations, ledger.hotlines, ledger.regional_contacts, ledger.statistics to lodestar_writer;

alter table published.vocabularies add constraint vocabularies_public check (status = 'published' and visibility = 'public');
alter table published.organizations add constraint organizations_public check (status = 'published' and visibility = 'public');
alter table published.hotlines add constraint hotlines_public check (status = 'published' and visibility = 'public');
alter table published.regional_contacts add constraint regional_contacts_public check (status = 'published' and visibility = 'public');
alter table published.statistics add constraint statistics_public check (status = 'published' and visibility = 'public');
