"""The database: one store, its data folder, migrations, backup and check."""
