"""Words of requests on pages."""
