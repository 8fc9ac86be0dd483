#!/bin/sh
# Runs once, when the Postgres container makes its database: after grants.sql has made the three logins, gives each
# its password from the environment. psql reads the values itself, so that they stand on no command line.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv owner LODESTAR_OWNER_PASSWORD
\getenv writer LODESTAR_WRITER_PASSWORD
\getenv reader LODESTAR_READER_PASSWORD
alter role lodestar_owner password :'owner';
alter role lodestar_writer password :'writer';
alter role lodestar_reader password :'reader';
SQL
