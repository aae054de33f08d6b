"""Words of interviews on pages."""
