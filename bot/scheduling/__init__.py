"""Scheduling: finds what is due, sends it exactly once, and moves a plan that fell behind."""
