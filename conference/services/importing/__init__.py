"""Rooms of the import: `parties` (whose row is it), `plan` (what will become of it). The verbs are in `services.imports`."""
