"""Whole numbers from fractions, rounded half up. Pure, and without floating point."""

from __future__ import annotations


def divide_rounded(part: int, of: int) -> int:
    """`part` ÷ `of` as a whole number, rounded half up; 0 if `of` is 0."""
    return (2 * part + of) // (2 * of) if of else 0


def percent(part: int, of: int) -> int:
    """`part` as a percentage of `of`, as a whole number; 0 if `of` is 0."""
    return divide_rounded(100 * part, of)
