"""The word lists of this package, read once."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Any

import yaml


@functools.cache
def load(name: str) -> dict[str, Any]:
    """Return one of our own YAML lists."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(_read(f"{name}.yaml"), Loader=loader)  # noqa: S506 - both are safe loaders
    return loaded


@functools.cache
def surnames() -> frozenset[str]:
    """Return the Chinese surnames, of one character and of two, simplified and traditional."""
    single: set[str] = set()
    double: set[str] = set()
    for line in _read("surnames.txt").splitlines():
        if " " in line:
            double.update(line.split())
        else:
            single.update(line.strip())
    return frozenset(single | double)


def _read(name: str) -> str:
    return resources.files("zhiren.resumes").joinpath("data", name).read_text(encoding="utf-8")
