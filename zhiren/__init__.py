"""知人 Zhiren: an open, self-hosted HR system."""
