"""What the templates of search use."""
