-- The version before reads them as it did.
update ledger.records set names = null where resource = 'organizations';
