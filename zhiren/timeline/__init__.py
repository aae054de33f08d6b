"""Immutable events: record them, deliver them, prove that none was touched."""

from zhiren.timeline.registry import on

__all__ = ["on"]
