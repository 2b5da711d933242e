"""The operator's settings: from the environment, then one TOML file, then the defaults.

A new setting needs a field with its default in `settings.py`, or in `places.py` if it is a platform's, and there its
name in `SECRETS` if it is secret; a line in `config.example.toml` and in `docs/reference.md` (tests compare both); and
`bot/wiring`, which hands it to the part that needs it.
"""
