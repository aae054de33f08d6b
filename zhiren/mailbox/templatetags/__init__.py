"""Words of the mailbox for templates."""
