"""The double of every outside party: keeps what it is given, and sends nothing."""
