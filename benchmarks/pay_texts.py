"""Print the share of real pay texts that the grammar of pay understands, and the shapes it does not.

    python benchmarks/pay_texts.py --data ../shared/data

Data: the pay columns of four crawls of Chinese job boards (`cn_job_postings`). An empty cell is no pay text and is left
out; a heading that stands among the data is counted as not understood. Nothing but the shape of a pay text is printed:
every number is a 9. Understood means: one amount that covers the whole text, and both its ends agree with a second,
much simpler reckoning that knows nothing but the five shapes of these crawls.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from _common import machine, say, timed

from zhiren.resumes.pay import amounts_in

COLUMNS = {
    "boss_train.csv.gz": "薪资",
    "lagou_data_analyst_train.csv.gz": "salary",
    "job51_java_train.csv": "薪酬",
    "lagou_mixed_train.csv": "薪资",
}


def texts(folder: Path, name: str) -> Iterator[str]:
    """Yield the pay texts of one file as they stand there, without the empty ones."""
    path = folder / name
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row[COLUMNS[name]]:
                yield row[COLUMNS[name]]


def reckoned(text: str) -> tuple[float, float] | None:
    """Return both ends in yuan a month by one expression; None for another shape."""
    match = re.match(r"([\d.]+)(?:[Kk]?-([\d.]+))?(K|k|千|万|元)(?:/([年月天时]))?(?:·\d+薪)?$", text)
    if match is None:
        return None
    month = {"年": 1 / 12, "天": 21.75, "时": 21.75 * 8}.get(match[4], 1)
    scale = {"元": 1, "万": 10_000}.get(match[3], 1_000) * month
    return float(match[1]) * scale, float(match[2] or match[1]) * scale


def understood(text: str) -> bool:
    """Return whether one amount covers the whole text, and it is right."""
    amounts = list(amounts_in(text, currency="CNY"))
    plain = reckoned(text)
    if len(amounts) != 1 or (amounts[0].start, amounts[0].end) != (0, len(text)) or plain is None:
        return False
    return abs(amounts[0].low - plain[0] * 100) < 1 and abs((amounts[0].high or 0) - plain[1] * 100) < 1


def main() -> int:
    """Run all of it; 0, or 2 where the data is not there."""
    arguments = argparse.ArgumentParser(description="How many real pay texts are understood.")
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the data sets")
    folder = arguments.parse_args().data / "cn_job_postings"
    if not folder.is_dir():
        print(f"no data at {folder}: nothing measured", file=sys.stderr)
        return 2
    total = hits = 0
    everything: list[str] = []
    for name in COLUMNS:
        found = list(texts(folder, name))
        read = [text for text in found if understood(text)]
        unread = Counter(re.sub(r"\d+", "9", text) for text in found if not understood(text))
        say(f"{name:34} {len(found):5} texts, {len(read) / len(found):7.2%} understood, not: {dict(unread)}")
        total, hits = total + len(found), hits + len(read)
        everything += found
    seconds = timed(lambda: [understood(text) for text in everything])
    say(machine(with_database=False))
    say(f"pay_text_time: {seconds / total * 1e6:.0f} microseconds a text")
    say(f"pay_texts_understood: {hits / total * 100:.2f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
