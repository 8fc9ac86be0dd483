-- What was found unreachable or closed is open at no time.
update published.hotlines set schedule = null where document ->> 'outcome' in ('unreachable', 'closed');
update published.regional_contacts set schedule = null where document ->> 'outcome' in ('unreachable', 'closed');
update ledger.hotlines set schedule = null where document ->> 'outcome' in ('unreachable', 'closed');
update ledger.regional_contacts set schedule = null where document ->> 'outcome' in ('unreachable', 'closed');
