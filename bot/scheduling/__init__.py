"""During, outward: what is due, saying it exactly once, and the hour as a whole."""
