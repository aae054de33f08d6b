"""Openings in public: the career site, the application form, the candidate's own page."""
