"""Print how long a page of a photographed résumé takes to read, and how many of its facts are found.

    python benchmarks/picture_reading.py --data ../shared/data

The pages of `resume_layouts/rendercv` and of the demo's own layouts are drawn as pictures of 150 dots an inch and
read letter by letter, in this process; the truth is the YAML, and the demo's people. It needs the extra `ocr`.
"""

from __future__ import annotations

import argparse
import io
import platform
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

import pypdfium2
from resume_parsing import cases_of, facts_of, in_one_form, own_cases

from zhiren.resumes import ocr_is_available
from zhiren.resumes.pipeline import parse_pictures

DOTS_PER_INCH = 150


def scan(pdf: bytes) -> tuple[bytes, int]:
    """Return the same pages as pictures in a PDF, and how many they are."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.render(scale=DOTS_PER_INCH / 72).to_pil().convert("RGB") for page in document]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=DOTS_PER_INCH, quality=80)
    return out.getvalue(), len(pages)


def main() -> int:
    """Print the figures; return how the process ends."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    options.add_argument("--most", type=int, default=20, help="files at most of each kind")
    given = options.parse_args()
    if not ocr_is_available():
        sys.stdout.write("skipped: the extra `ocr` is not installed\n")
        return 0
    kinds: dict[str, list[tuple[str, str, bytes, Counter[tuple[str, str]]]]] = {
        "the demo's": [case for case in own_cases() if case[1].endswith(".pdf")][: given.most]
    }
    folder = given.data / "resume_layouts" / "rendercv"
    if folder.is_dir():
        kinds["rendercv"] = list(cases_of(folder))[: given.most]
    seconds: list[float] = []
    for kind, cases in kinds.items():
        wanted = found = invented = sheets = 0
        for _theme, _name, pdf, truth in cases:
            pictures, pages = scan(pdf)
            begun = time.process_time()
            resume = parse_pictures(pictures)
            seconds.append((time.process_time() - begun) / pages)
            sheets += pages
            said = Counter((field, in_one_form(field, value, truth)) for field, value, _fact in facts_of(resume))
            said = Counter({key: count for key, count in said.items() if key[0] in {field for field, _ in truth}})
            wanted += truth.total()
            found += (truth & said).total()
            invented += (said - truth).total()
        if wanted:
            sys.stdout.write(
                f"{kind}: {sheets} pages, {found} of {wanted} facts ({found / wanted:.1%}), {invented} others\n"
            )
    ordered = sorted(seconds)
    sys.stdout.write(f"processor time a page: median {statistics.median(ordered):.2f} s, most {ordered[-1]:.2f} s\n")
    sys.stdout.write(f"machine: {platform.platform()}, Python {platform.python_version()}\n")
    sys.stdout.write(f"picture_page: {statistics.median(ordered):.2f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
