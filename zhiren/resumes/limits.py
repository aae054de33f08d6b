"""What one résumé may cost."""

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_PAGES = 100
MAX_TEXT = 400_000
"""Characters; what lies beyond is cut off and said so."""
MAX_LINE = 1_000
"""Characters of a line that the rules of entities look at; contacts are looked for everywhere."""
