"""The verbs: the only writers. Each checks the right, loads, asks the domain, writes rows and one journal entry."""
