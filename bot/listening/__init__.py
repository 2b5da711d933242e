"""During, inward: what was heard, which question it answers, and what is shown of it."""
