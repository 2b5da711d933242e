"""TOML files: read as data with line numbers, and their mistakes in plain words."""
