"""Composition: settings, routes, navigation, base templates, the one place that shows a refusal."""
