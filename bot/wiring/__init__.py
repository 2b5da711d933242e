"""Builds the bot from its parts, and starts and stops it. The only package that names adapters; it decides nothing."""
