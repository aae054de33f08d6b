"""Throw damaged files at each reader of résumés, and say what broke.

    python scripts/fuzz_resumes.py                       # every reader, 20 seconds each
    python scripts/fuzz_resumes.py --reader rtf --seconds 600 --seed 7 --corpus FOLDER

A reader may answer with facts or with `Unreadable`; anything else, and anything slower than `--patience` seconds, is a
find: its bytes are written to `--keep`, and the program ends with 1. The same seed and count make the same files.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
if str(CHECKOUT) not in sys.path:
    sys.path.insert(0, str(CHECKOUT))

from zhiren.resumes import Unreadable, ocr, parse  # noqa: E402 - the path of the checkout comes first
from zhiren.resumes.sniff import READABLE, Kind, sniff  # noqa: E402 - the path of the checkout comes first

_ENDINGS = {"word-xml": "xml", "mht": "mht"}

_TOKENS = (
    b"\x00", b"\xff" * 8, b"(" * 400, b"{" * 400, b"<" * 400, b"[" * 400, b"%PDF-", b"PK\x03\x04", b"endobj", b"-1",
    b"\\u-32768?", b"\\bin999999999 ", b"\\'ff", b"]]>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"charset=utf-7",
    b"\r\n\r\n--", b"Content-Transfer-Encoding: base64\r\n", b"=?gbk?B?/////w==?=", "\u202e\ufeff\u0000".encode(),
    b"4294967295",
)  # fmt: skip


def corpus(folder: Path | None) -> list[tuple[str, bytes]]:
    """Return honest files of every kind: the demo's layouts, the tests' own, and what lies in a folder."""
    from PIL import Image

    from tests.resumes.test_readers import READERS
    from zhiren.operations.demo.people import fictional_people
    from zhiren.operations.demo.resumes import LAYOUTS, write_resume

    people = fictional_people(on=date(2026, 11, 16))
    found = [write_resume(people[number % len(people)], layout) for number, layout in enumerate(LAYOUTS)]
    for _reader, data, layout in READERS:
        stem = layout.removesuffix("-table")
        found.append((f"form.{_ENDINGS.get(stem, stem)}", data))
    for form in ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"):
        out = io.BytesIO()
        Image.linear_gradient("L").save(out, form)
        found.append((f"photo.{form.lower()}", out.getvalue()))
    if folder:
        found.extend((path.name, path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())
    return found


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Return the file damaged somewhere; of a ZIP now and then a member instead of its shell."""
    if data.startswith(b"PK") and rng.random() < 0.7:
        return _mutate_member(data, rng)
    return _damage(bytearray(data), rng)


def _mutate_member(data: bytes, rng: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        chosen = rng.choice([name for name in names if name.endswith(".xml")] or names)
        for name in names:
            content = source.read(name)
            target.writestr(name, _damage(bytearray(content), rng) if name == chosen else content)
    return out.getvalue()


def _damage(data: bytearray, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(7):
            case 0 if data:
                data[at % len(data)] = rng.randrange(256)
            case 1:
                data[at:at] = rng.choice(_TOKENS) * rng.choice((1, 1, 1, 50))
            case 2:
                del data[at : at + rng.randint(1, 200)]
            case 3:
                data[at:at] = data[at : at + rng.randint(1, 2000)] * rng.randint(1, 4)
            case 4:
                del data[at:]
            case 5:
                end = at + rng.randint(1, 40)
                data[at:end] = rng.randbytes(len(data[at:end]))
            case _:
                other = rng.randrange(len(data) + 1)
                low, high = sorted((at, other))
                data[low:high] = data[low:high][::-1] if high - low < 400 else data[low:high]
    return bytes(data[:5_000_000])


def survive(
    files: Iterable[tuple[str, bytes]], *, rng: random.Random, patience: float
) -> Iterator[tuple[str, bytes, str]]:
    """Read files damaged anew for ever; yield the name and bytes of each, with what went wrong or ""."""
    honest = list(files)
    while True:
        name, data = rng.choice(honest)
        damaged = mutate(data, rng)
        picture = sniff(data) is Kind.IMAGE
        yield name, damaged, _read(_look if picture else parse, name, damaged, patience)


def _look(data: bytes, name: str) -> object:
    """Open a picture as it is opened before its letters are read."""
    del name
    return [page.size for page in ocr.pictures_in(data)]


def _read(reader: Callable[[bytes, str], object], name: str, data: bytes, patience: float) -> str:
    begun = time.monotonic()
    try:
        reader(data, name)
    except Unreadable:
        pass
    except Exception as error:  # noqa: BLE001 - whatever else it raises is what this program looks for
        return f"{type(error).__name__}: {str(error)[:200]}"
    spent = time.monotonic() - begun
    return f"{spent:.1f} s" if spent > patience else ""


def main() -> int:
    """Fuzz as told on the command line; return how the process ends."""
    warnings.simplefilter("ignore")  # of the libraries, on files that are meant to be wrong
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--reader", choices=sorted(kind.value for kind in READABLE | {Kind.IMAGE}), help="only this kind of file"
    )
    options.add_argument("--seconds", type=float, default=20, help="for each reader")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--patience", type=float, default=8.0, help="seconds a file may take")
    options.add_argument("--corpus", type=Path, help="a folder of more honest files")
    options.add_argument("--keep", type=Path, default=Path("fuzz-finds"), help="where finds are written")
    given = options.parse_args()
    kinds: dict[str, list[tuple[str, bytes]]] = {}
    for name, data in corpus(given.corpus):
        kinds.setdefault(sniff(data).value, []).append((name, data))
    finds = 0
    for kind in [given.reader] if given.reader else sorted(kinds):
        tried, until = 0, time.monotonic() + given.seconds
        rng = random.Random(f"{given.seed}:{kind}")  # noqa: S311 - damage is no secret
        for name, data, wrong in survive(kinds.get(kind, []), rng=rng, patience=given.patience):
            tried += 1
            if wrong:
                finds += 1
                given.keep.mkdir(exist_ok=True)
                path = given.keep / f"{kind}-{given.seed}-{tried}-{Path(name).name}"
                path.write_bytes(data)
                sys.stdout.write(f"{kind}: {wrong} in {path}\n")
            if time.monotonic() > until:
                break
        sys.stdout.write(f"{kind}: {tried} damaged files, {len(kinds.get(kind, []))} honest ones to begin with\n")
    sys.stdout.write(f"finds: {finds} files\n")
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
