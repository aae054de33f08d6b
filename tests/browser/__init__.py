"""The whole system, run as it is run for real, and used as people use it: through a browser and through mail."""
