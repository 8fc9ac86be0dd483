-- Who looks after which record of the review queue, and until when. No part of the directory: a lease takes no revision
-- and stops nobody from changing the record.
create table ledger.leases (
  record_id uuid constraint leases_key primary key constraint leases_record references ledger.records (id),
  holder text not null,
  until timestamptz not null
);
comment on table ledger.leases is 'Records of the review queue that somebody took to look after, for a time.';
grant select, insert, update, delete on ledger.leases to lodestar_writer;
