"""The one queue: who is waiting, why, and what to say."""
