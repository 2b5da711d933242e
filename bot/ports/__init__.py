"""The ports: protocols and frozen values between the core and everything outside it. Nothing here does anything."""
