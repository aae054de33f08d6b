"""What keeps an installation running and shows it off: the demo company lives here."""
