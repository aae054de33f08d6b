"""Everything said: messages, the templates they are made from, and the promises made in them."""
