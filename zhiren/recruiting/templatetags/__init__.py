"""Words of recruiting for templates."""
