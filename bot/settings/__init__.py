"""What the operator has set: from the environment, then one TOML file, then the defaults."""
