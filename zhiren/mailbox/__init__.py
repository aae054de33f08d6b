"""Résumés that come by mail: accounts, received mails, and those that nobody has filed yet."""
