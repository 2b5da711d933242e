"""Steering the hour: what becomes of a chat's plan when somebody leads it. Pure, with the time as an argument."""
