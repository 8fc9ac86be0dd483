-- The next write of a record puts its schedule back.
select 1;
