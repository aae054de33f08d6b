"""Degrees by their words and letters, and their ranks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhiren.resumes.document import Line, fact
from zhiren.resumes.facts import Fact
from zhiren.resumes.vocabulary import confidence

RANKS = ("secondary", "associate", "bachelor", "master", "doctor")
_DEGREES = (
    (
        "doctor",
        (
            r"博士|(?<![A-Za-z])(?:Ph\.?\s?D\.?|Doctor(?:ate)?(?:\sof|\sdegree)?|D\.?Phil\.?|Ed\.?D\.?|"
            r"Juris Doctor|Doktor|Doctorat|Doctorado|Dr\.\s?(?:rer|phil|med|ing)\b)(?![A-Za-z])"
        ),
    ),
    (
        "master",
        (
            r"硕士|研究生(?!院|部|会|导师|助)|(?<![A-Za-z])(?:Master(?:['’]?s)?(?:\sof|\sdegree|\sin)|Master(?:['’]s|"
            r"s)(?![a-z])|"
            r"E?MBA|MPA|"
            r"M\.?S\.?c\.?|M\.?Eng\.?|M\.?Phil\.?|LL\.?M\.?|M\.?Ed\.?|M\.?F\.?A\.?|M\.?\s?Tech\.?|"
            r"M\.E\.?(?=[\s,]|$)|PGDB?M|Post[ -]?Graduate Diploma (?:in|of) (?:Business|Management)|"
            r"M\.?Com\.?|M\.?Arch\.?|M\.?P\.?H\.?|"
            r"M\.?Res\.?|MSN|MCA|MSW|MDes|MMus|MSocSc|MEcon|MASc|MAcc|MFin|Magister|Máster|Mastère|Maestría|Diplom-\w+|Diplom|"
            r"Dipl\.-?\s?(?:Wirt\w*\.-?)?(?:Ing|Inf|Kf[mf]|Phys|Chem|Math|Psych|Biol|Päd|Volksw|Betriebsw)\.?"
            r"(?: ?\(FH\))?|M\.\s?Sc\.?|M\.\s?S\.|"
            r"M\.\s?A\.)(?![A-Za-z])"
        ),
    ),
    (
        "bachelor",
        (
            r"本科|(?<!副)学士|专升本|大学毕业|大学部|四技|二技|(?<![A-Za-z])(?:Bachelor(?:['’]?s)?(?:\sof|"
            r"\sdegree|\sin|['’]?s)?|B\.?S\.?c\.?|B\.?Eng\.?|"
            r"B\.?\s?Tech\.?|B\.E(?=[\s,]|$)|BBA|LL\.?B\.?|BFA|B\.?Com\.?|"
            r"B\.?Acc\.?|B\.?Arch\.?|B\.?Ed\.?|B\.?Pharm\.?|BSN|BCA|BSW|BDes|BMus|BSocSc|BEcon|BASc|BAppSc|BBus|BHSc|Licence|Licenciatura|Grado|Laurea|B\.\s?Sc\.?|"
            r"B\.S\.|B\.A\.|B\.E\.|Undergraduate)(?![A-Za-z])"
        ),
    ),
    (
        "associate",
        (
            r"大专|专科|高职|副学士|高级文凭|五专|二专|(?<![A-Za-z])(?:Associate(?:['’]?s)?\s(?:of|degree|in)|"
            r"Associate['’]s|A\.A\.S?\.?|A\.S\.|"
            r"AAS)(?![A-Za-z])"
        ),
    ),
    (
        "secondary",
        (
            r"高中|中学文凭|中专|职高|中技|(?<![A-Za-z])(?:High\s?School(?:\sDiploma)?|Secondary School|"
            r"Higher Secondary|Senior Secondary|Matriculation|Baccalauréat|Baccalaureate|Abitur|Maturità|"
            r"Bachillerato|HSC|SSC|GED|A-levels)(?![A-Za-z])"
        ),
    ),
)
DEGREE = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _DEGREES]
# Two capitals mean a degree only among schools, and not behind a comma, where they are a state.
_SHORT_DEGREES = {
    "BS": "bachelor",
    "BA": "bachelor",
    "BE": "bachelor",
    "MS": "master",
    "MA": "master",
    "ME": "master",
    "AS": "associate",
    "AA": "associate",
}
_SHORT_DEGREE = re.compile(
    r"(?<![A-Za-z.])(?:(?<!, )(?:BS|BA|BE|MS|MA|ME|AS|AA)(?=[ \t](?:in |[A-Z]|[·•|])|,|$|:|[)）;]| –| -)|"
    r"(?:BS|BA|BE|MS|MA|ME|AS|AA)(?= in )|(?:BS|BA|BE|AA)$)"
)


def head_degrees(line: Line) -> Iterator[Fact]:
    """Yield a degree that stands alone in its cell, or behind a label."""
    for match in re.finditer(
        r"(?:学\s?历|学位|文化程度|education|degree)\s?[:：\t ]\s?([^\t|,，]{2,20})", line.folded, re.IGNORECASE
    ):
        for name, pattern in DEGREE:
            inside = pattern.search(match[1])
            if inside:
                start = match.start(1) + inside.start()
                yield fact(
                    line,
                    (start, start + len(inside.group())),
                    confidence=confidence("degree_label"),
                    rule="degree_label",
                    value=name,
                )
                break
    for cell in re.finditer(r"[^\t|｜·•/,，;； ]+", line.folded):
        for name, pattern in DEGREE:
            if pattern.fullmatch(
                cell.group().removesuffix("学历").removesuffix("毕业").removesuffix("在读").removesuffix("研究生")
                or cell.group()
            ):
                yield fact(line, cell.span(), confidence=confidence("degree_alone"), rule="degree_alone", value=name)
                break


def degree_of(line: Line, *, among_schools: bool) -> Fact | None:
    """Return the highest degree a line names; its two letters alone count only among schools."""
    best: Fact | None = None
    for name, pattern in DEGREE:
        match = pattern.search(line.folded)
        if match and (best is None or RANKS.index(name) > RANKS.index(best.value)):
            best = fact(line, match.span(), confidence=confidence("degree_word"), rule="degree_word", value=name)
    if best is None and among_schools:
        short = _SHORT_DEGREE.search(line.folded)
        if short:
            best = fact(
                line,
                short.span(),
                confidence=confidence("degree_letters"),
                rule="degree_letters",
                value=_SHORT_DEGREES[short.group()],
            )
    return best
