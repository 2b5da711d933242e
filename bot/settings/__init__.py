"""The operator's settings: from the environment, then one TOML file, then the defaults."""
