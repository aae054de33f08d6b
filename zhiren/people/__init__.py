"""The person for life: contacts, consents, documents, notes, tags."""
