"""Openings, applications, stages, and the intake of résumés."""
