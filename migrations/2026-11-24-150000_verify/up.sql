-- Attempts to verify a record are changes of it. The entry says what came of it, how, and of which contact point; one that
-- brings a contact back waits for a second person, and so does the attempt itself.
alter table ledger.entries
  drop constraint entries_action,
  add constraint entries_action check (action in ('created', 'updated', 'published', 'archived', 'hidden', 'shown', 'verified')),
  add column verification jsonb;
comment on column ledger.entries.verification is 'Outcome, method, contact point and moment of the attempt to verify it that this entry is.';
alter table ledger.proposals add column verification jsonb;
comment on column ledger.proposals.verification is 'The attempt that is taken down when the proposal is accepted.';
