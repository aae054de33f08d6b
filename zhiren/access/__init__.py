"""Users, roles and their reach, sign-in."""
