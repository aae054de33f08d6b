"""Shifts, groups of people who work by the same pattern, and who works which shift on which day."""
