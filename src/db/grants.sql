-- The logins of Lodestar and what each may do. Run once per database, as a superuser, before
-- `lodestar migrate`; running it again changes nothing. Passwords are yours to set:
--   alter role lodestar_owner password '...'; and so on, or let pg_hba.conf identify them.
-- The tables name their own grants: see migrations/.
do $$
declare
  login text;
begin
  foreach login in array array['lodestar_owner', 'lodestar_writer', 'lodestar_reader'] loop
    if not exists (select from pg_roles where rolname = login) then
      execute format('create role %I login', login);
    end if;
    execute format('grant connect on database %I to %I', current_database(), login);
  end loop;
  execute format('revoke all on database %I from public', current_database());
end
$$;

-- On the role, not on the connection: so it survives a pooler.
alter role lodestar_owner set search_path = published, ledger;
alter role lodestar_writer set search_path = published, ledger;
alter role lodestar_reader set search_path = published;
alter role lodestar_reader set default_transaction_read_only = on;
alter role lodestar_reader set plan_cache_mode = force_generic_plan;
-- What the words of a row cost to fetch is not known to the planner: it would read through tables, and compile for that.
alter role lodestar_reader set enable_seqscan = off;
alter role lodestar_reader set jit = off;
alter role lodestar_reader set statement_timeout = '5s';

create schema if not exists published authorization lodestar_owner;
create schema if not exists ledger authorization lodestar_owner;
-- What the public saw at an earlier time: views of the ledger, made by the owner.
create schema if not exists past authorization lodestar_owner;
grant usage on schema published to lodestar_reader, lodestar_writer;
grant usage on schema past to lodestar_reader;
grant usage on schema ledger to lodestar_writer;
revoke all on schema public from public;
