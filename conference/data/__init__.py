"""How the conférence is kept: tables, queries, migrations, journal, and the session that reads or writes them."""
