"""Résumé files for the made-up applicants: PDF, Word, a web page and plain text, as real people would send them.

PDF needs the optional packages of `zhiren[demo]`; Word and text need nothing more. The same person in the same layout
gives the same bytes: fonts come from a package and not from the machine, dates inside the files are fixed.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, partial
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

import phonenumbers

from zhiren.operations.demo import word_resumes
from zhiren.operations.demo.people import FictionalPerson

# The date inside every file: with it, the same person in the same layout is the same bytes.
WRITTEN_AT = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)

PLAIN_TEXT_WIDTH = 44

WORDS = {
    "zh": {
        "title": "个人简历",
        "name": "姓名",
        "phone": "电话",
        "mail": "邮箱",
        "city": "现居城市",
        "birth": "出生年份",
        "years": "工作年限",
        "degree": "最高学历",
        "school": "毕业院校",
        "major": "专业",
        "period": "起止时间",
        "intent": "求职意向",
        "pay": "期望薪资",
        "summary": "自我评价",
        "employments": "工作经历",
        "education": "教育经历",
        "skills": "专业技能",
        "languages": "语言与证书",
        "present": "至今",
        "colon": "：",
        "comma": "、",
    },
    "en": {
        "title": "Curriculum Vitae",
        "name": "Name",
        "phone": "Phone",
        "mail": "Email",
        "city": "Location",
        "birth": "Year of birth",
        "years": "Experience",
        "degree": "Degree",
        "school": "University",
        "major": "Subject",
        "period": "Period",
        "intent": "Applying for",
        "pay": "Expected pay",
        "summary": "Profile",
        "employments": "Experience",
        "education": "Education",
        "skills": "Skills",
        "languages": "Additional",
        "present": "Present",
        "colon": ": ",
        "comma": ", ",
    },
}

# How people write a month, by language and habit: {0} is the year, {1} the month, {2} its name.
MONTHS = {
    "zh": {"dots": "{0}.{1:02}", "words": "{0}年{1}月", "slashes": "{0}/{1:02}"},
    "en": {"dots": "{1:02}/{0}", "words": "{2} {0}", "slashes": "{0}-{1:02}"},
}
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class DemoExtraMissingError(RuntimeError):
    """A PDF was asked for, but the packages that typeset it are not installed."""

    def __init__(self, missing: str) -> None:
        super().__init__(
            f"PDF résumés need the package {missing}, which is not installed: add the extra with "
            "`pip install 'zhiren[demo]'` or `uv sync --extra demo`."
        )


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One way a résumé looks: who writes it, how it writes months and the phone number, how the file is called."""

    write: Callable[[dict[str, Any]], bytes]
    months: str
    phone: str
    file_name: dict[str, str]


def write_resume(person: FictionalPerson, layout: str) -> tuple[str, bytes]:
    """Return a file name and the bytes of this person's résumé in one of `LAYOUTS`.

    Every layout tells name, phone, mail, studies, jobs, skills and summary; some add pay and year of birth.

    Raises:
        KeyError: there is no such layout.
        DemoExtraMissingError: the layout is a PDF and the extra `demo` is not installed.
    """
    chosen = LAYOUTS[layout]
    return _file_name(person, chosen), chosen.write(_told(person, chosen))


def layout_of(person: FictionalPerson) -> str:
    """Return the layout this person chose: over the people of the demo company every layout occurs several times."""
    return list(LAYOUTS)[person.number % len(LAYOUTS)]


def broken_resume() -> tuple[str, bytes]:
    """Return a PDF that broke off while it was copied: it starts like one, and no reader can open it."""
    head = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    page = b"4 0 obj\n<</Filter/FlateDecode/Length 18734>>\nstream\n" + bytes(range(7, 255, 3)) * 40
    return "简历-未传完.pdf", head + page


def _told(person: FictionalPerson, layout: Layout) -> dict[str, Any]:
    """Return the résumé in the words and habits of its writer; the latest study and job first, as JSON can hold it."""
    words = WORDS[person.language]
    latest = person.education[-1]
    phone = _phone(person.phone, layout.phone)
    facts = {
        "name": person.name,
        "phone": phone,
        "mail": person.mail,
        "city": person.city,
        "years": f"{person.years} 年" if person.language == "zh" else f"{person.years} years",
        "degree": person.degree,
        "school": latest.school,
        "major": latest.major,
        "intent": person.intent,
        "pay": _pay(person),
    }
    if person.birth_year:
        facts["birth"] = f"{person.birth_year} 年" if person.language == "zh" else str(person.birth_year)
    return {
        "language": person.language,
        "words": words,
        "name": person.name,
        "intent": person.intent,
        "facts": facts,
        "contacts": [
            {"label": words[key], "value": facts[key]} for key in ("phone", "mail", "city", "birth") if key in facts
        ],
        "summary": person.summary,
        "employments": [
            {
                "company": job.company,
                "title": job.title,
                "period": _period(job.start, job.end, person.language, layout.months),
                "duties": list(job.duties),
            }
            for job in reversed(person.employments)
        ],
        "education": [
            {
                "school": study.school,
                "major": study.major,
                "degree": study.degree,
                "period": _period(study.start, study.end, person.language, layout.months),
            }
            for study in reversed(person.education)
        ],
        "skills": list(person.skills),
        "languages": list(person.languages),
        "certificates": list(person.certificates),
    }


def _file_name(person: FictionalPerson, layout: Layout) -> str:
    name = person.name if person.language == "zh" else person.name.replace(" ", "_")
    return layout.file_name[person.language].format(name=name, intent=person.intent, years=person.years)


def _period(start: date, end: date | None, language: str, months: str) -> str:
    pattern = MONTHS[language][months]
    first, last = (
        pattern.format(day.year, day.month, MONTH_NAMES[day.month - 1]) if day else WORDS[language]["present"]
        for day in (start, end)
    )
    return f"{first} – {last}" if months == "words" else f"{first} - {last}"


def _phone(number: str, style: str) -> str:
    """Return the number as people write it; dashes and no country code are a habit within China only."""
    parsed = phonenumbers.parse(number)
    if style == "international" or parsed.country_code != 86:
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    plain = str(parsed.national_number)
    separator = {"plain": "", "spaces": " ", "dashes": "-"}[style]
    return separator.join((plain[:3], plain[3:7], plain[7:]))


def _pay(person: FictionalPerson) -> str:
    amount = f"{person.expected_pay // 100:,}"
    return f"{amount} 元/月" if person.language == "zh" else f"{person.currency} {amount} per month"


def _pdf(template: str) -> Callable[[dict[str, Any]], bytes]:
    def write(resume: dict[str, Any]) -> bytes:
        compiled: bytes = _typesetter().compile(
            input=str(_layouts_folder() / f"{template}.typ"),
            format="pdf",
            sys_inputs={"resume": json.dumps(resume, ensure_ascii=False)},
            timestamp=WRITTEN_AT,
        )
        return compiled

    return write


@cache
def _typesetter() -> Any:
    """Return the one compiler of this process: loading the fonts is the slow part. It reads no system fonts."""
    try:
        import pylopdf_fonts_zh_cn as fonts
        import typst
    except ImportError as missing:
        raise DemoExtraMissingError(str(missing.name)) from missing
    paths = [Path(fonts.sans_path()).parent]
    return typst.Compiler(
        root=_layouts_folder(),
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths),
    )


def _layouts_folder() -> Path:
    return Path(str(resources.files("zhiren.operations.demo"))) / "layouts"


def _word(write: Callable[..., bytes]) -> Callable[[dict[str, Any]], bytes]:
    return partial(write, at=WRITTEN_AT)


def _text(resume: dict[str, Any]) -> bytes:
    """The export of a job board: labels, rules of dashes, no shape."""
    words, facts = resume["words"], resume["facts"]
    rule = "-" * PLAIN_TEXT_WIDTH
    lines = [f"{words[key]}{words['colon']}{facts[key]}" for key in facts]
    lines += [rule, words["summary"], resume["summary"], rule, words["employments"]]
    for job in resume["employments"]:
        lines += ["", job["period"], f"{job['company']} | {job['title']}"]
        lines += [f"{number}. {duty}" for number, duty in enumerate(job["duties"], start=1)]
    lines += [rule, words["education"]]
    lines += [f"{s['period']} {s['school']} | {s['major']} | {s['degree']}" for s in resume["education"]]
    lines += [rule, words["skills"], words["comma"].join(resume["skills"])]
    lines += [rule, words["languages"], words["comma"].join(resume["languages"] + resume["certificates"])]
    return ("\r\n".join(lines) + "\r\n").encode()


def _board(resume: dict[str, Any]) -> bytes:
    """A job board's download: a page of tables that calls itself a Word file."""
    words, facts = resume["words"], resume["facts"]

    def section(title: str, rows: Iterable[tuple[str, str]]) -> str:
        cells = "".join(f"<tr><td width='25%'>{escape(left)}</td><td>{right}</td></tr>" for left, right in rows)
        return f"<h3>{escape(title)}</h3><table border='0' width='100%'>{cells}</table>"

    def job(entry: dict[str, Any]) -> str:
        duties = "".join(f"<br>{number}. {escape(duty)}" for number, duty in enumerate(entry["duties"], start=1))
        return f"<b>{escape(entry['company'])}</b> | {escape(entry['title'])}{duties}"

    def paragraph(title: str, text: str) -> str:
        return f"<h3>{escape(title)}</h3><p>{escape(text)}</p>"

    pairs = [(words[key], escape(facts[key])) for key in facts if key != "name"]
    studies = [
        (s["period"], " | ".join(map(escape, (s["school"], s["major"], s["degree"])))) for s in resume["education"]
    ]
    body = [
        f"<h1>{escape(resume['name'])}</h1>",
        section(words["title"], pairs),
        section(words["employments"], [(entry["period"], job(entry)) for entry in resume["employments"]]),
        section(words["education"], studies),
        paragraph(words["skills"], words["comma"].join(resume["skills"])),
        paragraph(words["languages"], words["comma"].join(resume["languages"] + resume["certificates"])),
        paragraph(words["summary"], resume["summary"]),
    ]
    head = "<meta http-equiv='Content-Type' content='text/html; charset=utf-8'><style>td{vertical-align:top}</style>"
    return (
        f"<html><head>{head}<title>{escape(words['title'])}</title></head><body>{''.join(body)}</body></html>".encode()
    )


NAME_AND_JOB = {"zh": "{name}_{intent}_{years}年", "en": "{name}_{intent}"}
RESUME_OF = {"zh": "简历-{name}", "en": "CV_{name}"}
NAME_ONLY = {"zh": "{name}个人简历", "en": "{name}_Resume"}


def _layout(
    write: Callable[[dict[str, Any]], bytes], months: str, phone: str, stem: dict[str, str], suffix: str
) -> Layout:
    names = {language: name + suffix for language, name in stem.items()}
    return Layout(write=write, months=months, phone=phone, file_name=names)


LAYOUTS = {
    "classic": _layout(_pdf("classic"), "dots", "plain", NAME_AND_JOB, ".pdf"),
    "docx_plain": _layout(_word(word_resumes.plain), "dots", "spaces", RESUME_OF, ".docx"),
    "sidebar": _layout(_pdf("sidebar"), "words", "spaces", NAME_ONLY, ".pdf"),
    "form": _layout(_pdf("form"), "words", "plain", RESUME_OF, ".pdf"),
    "docx_form": _layout(_word(word_resumes.form), "words", "plain", NAME_ONLY, ".docx"),
    "band": _layout(_pdf("band"), "dots", "international", NAME_AND_JOB, ".pdf"),
    "compact": _layout(_pdf("compact"), "words", "dashes", RESUME_OF, ".pdf"),
    "docx_columns": _layout(_word(word_resumes.columns), "slashes", "plain", NAME_AND_JOB, ".docx"),
    "timeline": _layout(_pdf("timeline"), "slashes", "dashes", NAME_ONLY, ".pdf"),
    "columns": _layout(_pdf("columns"), "dots", "spaces", RESUME_OF, ".pdf"),
    "board": _layout(_board, "dots", "plain", NAME_AND_JOB, ".doc"),
    "text": _layout(_text, "slashes", "plain", NAME_AND_JOB, ".txt"),
}
