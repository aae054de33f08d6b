"""The work of one parser in one process: read files, say what was found and how long it took.

    PYTHON _resume_others.py NAME < list of files, one a line

Runs under the interpreter that has the parser; it knows nothing of this project. The first line of the answer tells
how long getting ready took, or why the parser does not run; then one line of JSON per file.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

Facts = dict[str, list[str]]


def zhiren() -> Callable[[str], Facts]:
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from zhiren.resumes.pipeline import parse

    def read(path: str) -> Facts:
        resume = parse(Path(path).read_bytes(), Path(path).name)
        return {
            "name": [resume.name.value] if resume.name else [],
            "mail": [mail.value for mail in resume.mails],
            "phone": [phone.value for phone in resume.phones],
            "skills": [word for skill in resume.skills for word in (skill.source, skill.value)],
        }

    return read


def _listed(value: object) -> list[str]:
    items = value if isinstance(value, (list, tuple, set)) else [value]
    return [str(item) for item in items if item]


def _picked(data: dict[str, Any], **names: str) -> Facts:
    return {fact: _listed(data.get(name)) for fact, name in names.items()}


def pyresparser() -> Callable[[str], Facts]:
    from pyresparser import ResumeParser

    return lambda path: _picked(
        ResumeParser(path).get_extracted_data(), name="name", mail="email", phone="mobile_number", skills="skills"
    )


def resume_parser() -> Callable[[str], Facts]:
    from resume_parser import resumeparse

    return lambda path: _picked(resumeparse.read_file(path), name="name", mail="email", phone="phone", skills="skills")


def pyresumeparser() -> Callable[[str], Facts]:
    import pyresumeparser as package

    def read(path: str) -> Facts:
        data = package.parse_resume(path)
        whole = " ".join([*_listed(data.get("first_name")), *_listed(data.get("last_name"))])
        return {**_picked(data, mail="email", phone="phone", skills="skills"), "name": [whole]}

    return read


def pyresumize() -> Callable[[str], Facts]:
    from pyresumize.resume_processor import ResumeProcessor

    processor = ResumeProcessor()
    return lambda path: _picked(
        json.loads(processor.process_resume(path)), name="name", mail="email", phone="phone", skills="skills"
    )


def pdfminer_text() -> Callable[[str], Facts]:
    """The first step of pyresparser and pyresumeparser, and nothing else of them."""
    from pdfminer.high_level import extract_text

    def read(path: str) -> Facts:
        extract_text(path)
        return {}

    return read


def docx2txt_text() -> Callable[[str], Facts]:
    """The first step of pyresparser and resume-parser with a DOCX."""
    import docx2txt

    def read(path: str) -> Facts:
        docx2txt.process(path)
        return {}

    return read


def pdfplumber_text() -> Callable[[str], Facts]:
    import pdfplumber

    def read(path: str) -> Facts:
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                page.extract_text()
        return {}

    return read


def markitdown_text() -> Callable[[str], Facts]:
    from markitdown import MarkItDown

    converter = MarkItDown()

    def read(path: str) -> Facts:
        converter.convert(path)
        return {}

    return read


PARSERS: dict[str, Callable[[], Callable[[str], Facts]]] = {
    "zhiren": zhiren,
    "pyresparser": pyresparser,
    "resume-parser": resume_parser,
    "pyresumeparser": pyresumeparser,
    "pyresumize": pyresumize,
    "pdfminer (text only)": pdfminer_text,
    "docx2txt (text only)": docx2txt_text,
    "pdfplumber (text only)": pdfplumber_text,
    "markitdown (text only)": markitdown_text,
}


def _why(error: BaseException) -> str:
    lines = [line.strip(" *\n") for line in traceback.format_exception_only(error)[-1].splitlines()]
    return " ".join(line for line in lines if line)[:160]


def main() -> None:
    """Read every file once for warmth and once for the clock."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # what a parser prints must not mix with the answers
    paths = sys.stdin.read().splitlines()
    began = time.perf_counter()
    try:
        read = PARSERS[sys.argv[1]]()
        read(paths[0])
    except BaseException as error:  # whatever keeps a foreign parser from running is the result
        answers.write(json.dumps({"fails": _why(error)}) + "\n")
        return
    answers.write(json.dumps({"ready": time.perf_counter() - began}) + "\n")
    for path in paths:
        began, used = time.perf_counter(), time.process_time()
        try:
            facts: Facts | None = read(path)
        except Exception:  # a file that breaks a foreign parser counts as not read
            facts = None
        line = {"path": path, "facts": facts, "wall": time.perf_counter() - began, "cpu": time.process_time() - used}
        answers.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
