"""Outside parties: one folder each, filling a port that an app below defines."""
