"""Rooms of `conference verify`, one per kind of truth: `structure`, `ledger`, `sums`, `chain`, `files`, `people`."""
