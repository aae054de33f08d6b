"""Interviews: when, with whom, and what the interviewers found."""
