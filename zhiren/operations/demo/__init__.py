"""The demo company: made up, with a history that its services made."""
