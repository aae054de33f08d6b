"""A trained model that finds names, employers, titles and more in the text of a résumé."""

from zhiren.resumes.model.store import UnusableModel, load
from zhiren.resumes.model.tagger import Language, Span, Tagger

__all__ = ["Language", "Span", "Tagger", "UnusableModel", "load"]
