//! What a login may do, asked of the catalogue.

use diesel::{QueryResult, QueryableByName, sql_query, sql_types::Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// Something a login may do.
#[derive(Debug, QueryableByName)]
pub struct Privilege {
    /// Schema, relation and, where granted apart, column; or the name of the power.
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// Everything beyond the public side that the current login could read or write: relations and
/// columns outside the schema `published` that it can select (but what the public saw of figures at
/// an earlier time, `past.statistics`), anything it can change, powers
/// that pass over grants. Empty for a reader as it should be.
const BEYOND_PUBLIC: &str = "
select 'the power of a superuser or of bypassrls' as name
  from pg_roles where rolname = current_user and (rolsuper or rolbypassrls)
union all
select 'membership in ' || rolname from pg_roles
  where rolname <> current_user and pg_has_role(current_user, oid, 'member')
union all
select 'select on ' || n.nspname || '.' || c.relname
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname not in ('pg_catalog', 'information_schema', 'published')
    and (n.nspname, c.relname) <> ('past', 'statistics')
    and n.nspname not like 'pg_toast%' and n.nspname not like 'pg_temp%'
    and has_any_column_privilege(current_user, c.oid, 'select')
union all
select 'change of ' || n.nspname || '.' || c.relname
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname not like 'pg_toast%' and n.nspname not like 'pg_temp%'
    and (has_any_column_privilege(current_user, c.oid, 'insert, update')
      or has_table_privilege(current_user, c.oid, 'delete, truncate'))
union all
select 'execution of ' || p.oid::regprocedure::text
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
    and has_function_privilege(current_user, p.oid, 'execute')
union all
select 'creation in schema ' || n.nspname from pg_namespace n
  where n.nspname not like 'pg_temp%' and n.nspname not like 'pg_toast_temp%'
    and has_schema_privilege(current_user, n.oid, 'create')
order by 1";

/// Lists what the login of a connection could do beyond reading what is public.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn beyond_public(connection: &mut AsyncPgConnection) -> QueryResult<Vec<Privilege>> {
    sql_query(BEYOND_PUBLIC).load(connection).await
}
