"""Coins and beans: double entry, append-only, chained by hashes. `docs/ledger.md` is its policy."""
