"""From a punch to the day record: shifts, punches, days, overtime, hours bank, and why each of them reads so."""
