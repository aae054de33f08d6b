"""When this happens, if so, wait, unless that happened, do: what the system does by itself."""
