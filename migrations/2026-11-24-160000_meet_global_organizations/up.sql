-- Organizations that work everywhere are met everywhere; which these are stands in the documents, which are read again.
update ledger.records set names = null where resource = 'organizations';
