drop index ledger.entries_verifications;
