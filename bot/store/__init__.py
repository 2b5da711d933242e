"""The memory: the tables, the queries on them, and the migrations. Nothing here decides anything."""
