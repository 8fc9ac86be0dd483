-- Which contact points the directory measures itself by in a month. No part of the directory: drawing takes no revision, and
-- what came of each call stands in the entries of the ledger alone. A sample that was drawn stays as it is.
create table ledger.samples (
  month date constraint samples_key primary key constraint samples_month check (extract(day from month) = 1),
  drawn_at timestamptz not null,
  drawn_by text not null,
  revision bigint not null constraint samples_revision check (revision >= 0),
  seed text not null constraint samples_seed check (seed ~ '^[0-9a-f]{32}$'),
  frame integer not null constraint samples_frame check (frame >= 1),
  until date not null constraint samples_until check (until >= month),
  records uuid[] not null,
  points uuid[] not null,
  constraint samples_points check (cardinality(points) between 1 and frame and cardinality(records) = cardinality(points))
);
comment on table ledger.samples is 'Random samples of contact points, one a month: of which revision they were drawn, by which seed, and the points in the order in which they are called.';
grant select, insert on ledger.samples to lodestar_writer;
