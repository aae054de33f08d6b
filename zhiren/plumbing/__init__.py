"""Django without HR: base model, encrypted cells, routes, jobs, ticks, the embedded database."""
