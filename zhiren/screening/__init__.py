"""Hard conditions of an opening: what each candidate's résumé says to them, and which conditions nobody may set."""
