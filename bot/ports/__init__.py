"""Between the core and everything outside it. Protocols and frozen values; nothing here does anything."""
