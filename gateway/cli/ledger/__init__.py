"""`quipu ledger`: the log of accesses, and proof that nobody altered it."""
