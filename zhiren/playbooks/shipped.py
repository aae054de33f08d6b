"""The playbooks that come with the system."""

from functools import cache
from pathlib import Path

from zhiren.kernel import yamls
from zhiren.playbooks import definition as definitions
from zhiren.playbooks.definition import Definition

FOLDER = Path(__file__).parent / "shipped"


@cache
def read_all() -> dict[str, Definition]:
    """Return every shipped playbook by key, in the order of a candidate's way."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        raw = yamls.load(path.read_text(encoding="utf-8"))
        raw.pop("common", None)  # what the file's steps share, by YAML reference
        found[path.stem.partition("-")[2]] = definitions.read(raw)
    return found
