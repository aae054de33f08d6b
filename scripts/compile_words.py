"""Compile every translation under `zhiren/` so that Django can read it; needs no gettext tools."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write the `.mo` beside each `.po` that is newer than it."""
    done = 0
    for source in sorted((ROOT / "zhiren").glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as stream:
            catalog = read_po(stream, locale=source.parent.parent.name)
        with target.open("wb") as stream:
            write_mo(stream, catalog)
        done += 1
    print(f"words: {done} compiled")


if __name__ == "__main__":
    main()
