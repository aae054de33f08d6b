"""Print how long the demo takes until its first page: the first time, which makes its company, and ever after.

    python benchmarks/demo_start.py

Packages and the front end are built already; the data folder is new. The first page is the one that asks to sign in.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from _common import CHECKOUT, fresh_folder, load, machine, say

LONGEST_SECONDS = 900
STOP_SECONDS = 60


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def first_page(folder: Path) -> float:
    """Start the demo, wait for its first page, stop it; return the seconds until the page was there."""
    port = free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("ZHIREN_")}
    env |= {"ZHIREN_DATA": str(folder)}
    env.pop("DATABASE_URL", None)
    with (folder / "demo.log").open("ab") as log:
        began = time.perf_counter()
        demo = subprocess.Popen(
            [sys.executable, "-m", "zhiren.site.cli", "demo", "--port", str(port)],
            cwd=CHECKOUT,
            env=env,
            stdout=log,
            stderr=log,
        )
        try:
            while not answers(f"http://127.0.0.1:{port}/account/login/"):
                if demo.poll() is not None or time.perf_counter() - began > LONGEST_SECONDS:
                    raise SystemExit(f"the demo did not start:\n{(folder / 'demo.log').read_text()[-3000:]}")
                time.sleep(0.02)
            seconds = time.perf_counter() - began
            # links to sign in are printed after the first page: whoever stops earlier has not seen a whole start
            while b"Sign in as one of them" not in (folder / "demo.log").read_bytes():
                if demo.poll() is not None or time.perf_counter() - began > LONGEST_SECONDS:
                    raise SystemExit("the demo ended early")
                time.sleep(0.05)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(STOP_SECONDS)
    (folder / "demo.log").unlink()
    return seconds


def answers(url: str) -> bool:
    """Tell whether a page is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own machine
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def main() -> None:
    """Measure."""
    arguments = argparse.ArgumentParser(description="How long the demo takes until its first page.")
    arguments.add_argument("--again", type=int, default=3, help="how many times to start it again")
    options = arguments.parse_args()
    say(machine(with_database=False))
    with fresh_folder() as folder:
        say(f"first start: {first_page(folder):.1f} s to the first page; load average {load()}")
        later = []
        for _number in range(options.again):
            later.append(first_page(folder))
            say(f"start again: {later[-1]:.1f} s to the first page; load average {load()}")
    say(f"second_start: {sorted(later)[len(later) // 2]:.1f} s")


if __name__ == "__main__":
    main()
