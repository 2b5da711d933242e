"""Scheduling: what is due, sending it exactly once, and moving a plan that fell behind."""
