"""Mail by IMAP."""
