"""Find persons by anything that is known of them, and put some side by side."""
