"""Where state is kept, in SQLite or PostgreSQL: engine, transactions, migrations."""
