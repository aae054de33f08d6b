"""The pages of who is employed: the list, one employment; to employ, place elsewhere and note the last day."""
