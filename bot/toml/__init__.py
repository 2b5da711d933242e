"""TOML files as data with line numbers, and every mistake in them in plain words."""
