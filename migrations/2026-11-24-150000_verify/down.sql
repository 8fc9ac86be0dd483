-- What was found stays a change of the documents, under the older name and without the fields that the older version does not know.
alter table ledger.proposals drop column verification;
update ledger.entries set action = 'updated' where action = 'verified';
alter table ledger.entries
  drop column verification,
  drop constraint entries_action,
  add constraint entries_action check (action in ('created', 'updated', 'published', 'archived', 'hidden', 'shown'));
update ledger.records set
  document = case
    when document ? 'contact_points' then jsonb_set(document - 'verification_method', '{contact_points}',
      coalesce((select jsonb_agg(point - 'verification_method' order by place)
        from jsonb_array_elements(document -> 'contact_points') with ordinality as points (point, place)), '[]'))
    else document - 'verification_method' - 'outcome' end,
  names = null
where document::text like '%"verification_method"%' or (document ? 'outcome' and not document ? 'contact_points');
