"""Words without HR or framework: events, refusals, actors, registries, money, business time, parameters."""
