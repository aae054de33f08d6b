"""Moved: see `zhiren.rostering.plans`."""

from zhiren.rostering.plans import *  # noqa: F403
