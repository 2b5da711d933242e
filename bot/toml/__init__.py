"""What people wrote, as data with its place in the text: TOML, durations, addresses, and what is wrong with it."""
