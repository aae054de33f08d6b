"""The company: entities, departments, branches, positions, grades, time zones."""
