"""What to do with a mail, and which opening it is for. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz

# Who chose the opening of a filed mail.
HOW = ("address", "title", "account", "by_hand")
# Why a mail waits for somebody.
WHY = (
    "no_opening", "several_openings", "no_resume", "board_unknown", "letter", "too_many", "too_large", "unreadable",
    "too_many_parts", "winmail", "bulk_with_files", "file_missing", "taken_back",
)  # fmt: skip
# Why the system put a mail aside.
ASIDE = ("bounce", "automatic", "newsletter", "spam", "duplicate", "by_hand")
# More files than this in one mail are filed only by somebody who has looked.
MOST_FILES = 50
# How alike (0 to 100) two titles must be that are not the same, and how long they must be to be compared at all.
_ALIKE, _COMPARABLE = 90, 5
# So many failures in a row are no accident any more: 1 + 2 + 4 + 8 minutes have passed.
_PATIENCE = 5
_CONTACT = re.compile(r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)|\+\d[\d\s-]{7,16}\d|[\w.+-]+@[\w-]+\.[\w.-]+")
_SECTIONS = re.compile(
    r"姓名|性别|学历|毕业院校|工作经[历验]|教育(?:背景|经历)|求职意向|期望(?:薪|职位|城市)|自我评价|项目经[历验]|专业技能"
    r"|\b(?:work|professional) experience\b|\bemployment\b|\beducation\b|\bskills\b|\bobjective\b",
    re.IGNORECASE,
)
_LETTERHEAD = re.compile(
    r"^[ \t>*]*(?:发件人|寄件者|收件人|收件者|抄送|发送时间|发送日期|日期|时间|主题|主旨"
    r"|from|to|cc|sent|date|subject)[ \t*]*[:：]",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_SEPARATORS = re.compile(r"[-|/,，;；:：、+【】\[\]()（）《》“”\"'\s]+")
_TOKEN = re.compile(r"[a-z0-9+#.]+")


@dataclass(frozen=True)
class Job:
    """An open opening as a mail may name it."""

    opening_id: UUID
    slug: str
    titles: tuple[str, ...]
    city: str = ""


@dataclass(frozen=True)
class Choice:
    """The opening a mail is for, and what says so (`HOW`), or why there is none (`WHY`)."""

    opening_id: UUID | None = None
    how: str = ""
    why: str = ""


@dataclass(frozen=True)
class Verdict:
    """What becomes of a mail: "filed", "unfiled" or "aside", and why (`HOW`, `WHY`, `ASIDE`)."""

    state: str
    reason: str = ""


def choose_opening(
    *, recipients: Iterable[str], title: str, subject: str, city: str, jobs: Sequence[Job], default: UUID | None
) -> Choice:
    """Return which of the open jobs a mail is for.

    An address with the job's own part (`jobs+SLUG@…`) is stronger than a title, a title than the account's own opening.
    A title decides only if it is one job's and no other's; of equal titles in several cities, the city named does.

    >>> jobs = [Job(UUID(int=1), "backend", ("后端工程师",)), Job(UUID(int=2), "frontend", ("前端工程师",))]
    >>> choose_opening(recipients=[], title="后端工程师（上海）", subject="", city="", jobs=jobs, default=None).how
    'title'
    """
    by_slug = {job.slug.casefold(): job for job in jobs}
    for address in recipients:
        tag = address.partition("@")[0].partition("+")[2].casefold()
        if tag in by_slug:
            return Choice(by_slug[tag].opening_id, "address")
    parts = [part for part in _SEPARATORS.split(subject) if len(part) > 1]
    found = _in_city(_named(jobs, title=title, others=[*parts, subject]), city or subject)
    if len(found) == 1:
        return Choice(found[0].opening_id, "title")
    if default is not None and (not found or default in {job.opening_id for job in found}):
        return Choice(default, "account")
    return Choice(why="several_openings" if found else "no_opening")


def _named(jobs: Sequence[Job], *, title: str, others: Sequence[str]) -> list[Job]:
    """Return the jobs called by `title`; else those a part of the subject names; else those all but called by it."""
    for named in ([title], others):
        wanted = {one for text in named for one in _ways_to_say(text)}
        if same := [job for job in jobs if any(normal_title(own) in wanted for own in job.titles)]:
            return same
        if same := [job for job in jobs if any(set(_ways_to_say(own)) & wanted for own in job.titles)]:
            return same
    return [job for job in jobs if any(_is_alike(normal_title(title), own) for own in job.titles)]


def _ways_to_say(title: str) -> list[str]:
    """Return a title as titles are compared, with and without what stands in brackets."""
    ways = (normal_title(title), normal_title(_BRACKETS.sub("", _wide(title))))
    return [way for way in dict.fromkeys(ways) if len(way) > 1]


def _is_alike(wanted: str, title: str) -> bool:
    normal = normal_title(title)
    if min(len(wanted), len(normal)) < _COMPARABLE or set(_TOKEN.findall(wanted)) != set(_TOKEN.findall(normal)):
        return False  # "Engineer II" is not "Engineer III", however alike they look
    return fuzz.ratio(wanted, normal) >= _ALIKE


def _in_city(jobs: list[Job], said: str) -> list[Job]:
    if len(jobs) < 2:
        return jobs
    here = [job for job in jobs if job.city and job.city.casefold() in said.casefold()]
    return here if len(here) == 1 else jobs


def _wide(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def is_to_be_told(problem: str, *, failures: int, lasting: bool, told: str) -> bool:
    """Tell whether somebody has to know that a mailbox cannot be read.

    At once where somebody has to change something (`lasting`), else from the fifth failure on, after a quarter of an
    hour. `told` is the problem that was told before: only another one that lasts is news.

    >>> is_to_be_told("unreachable", failures=4, lasting=False, told="")
    False
    """
    if told:
        return lasting and problem != told
    return lasting or failures >= _PATIENCE


def normal_title(title: str) -> str:
    """Return a title as titles are compared: width, case, spaces and punctuation do not count.

    >>> normal_title(" Java 开发工程师（高级） ")
    'java开发工程师高级'
    """
    return "".join(char for char in _wide(title).casefold() if char.isalnum() or char in "+#")


def holds_resume(text: str, *, from_board: bool) -> bool:
    """Tell whether a mail's own text tells of a person: what a résumé has, and a way to reach them.

    Boards often keep the contacts to themselves; there more of a résumé is asked for instead.
    """
    sections = {found[0].casefold() for found in _SECTIONS.finditer(text)}
    if from_board and len(sections) >= 3:
        return True
    return len(sections) >= 2 and _CONTACT.search(text) is not None


def own_words(text: str, *, strangers: Iterable[str]) -> str:
    """Return a mail's text without the heads of quoted mails and without the addresses of `strangers`.

    The company's and the board's addresses must not become the candidate's.
    """
    kept = "\n".join(line for line in text.split("\n") if not _LETTERHEAD.match(line))
    for address in sorted(set(strangers), key=len, reverse=True):
        kept = re.sub(re.escape(address), "", kept, flags=re.IGNORECASE)
    return kept


def judge(
    *,
    nature: str,
    board: str,
    board_known: bool,
    files: int,
    winmails: int,
    body_is_resume: bool,
    sender_is_known: bool,
    choice: Choice,
) -> Verdict:
    """Return what becomes of a mail.

    `nature` is what kind of mail it is (`reading.Letter.nature`), `files` how many attachments it has, `winmails` how
    many of them are Outlook's own packages. What a board delivers counts as an application even if it was sent in bulk.
    """
    delivered = bool(board) and board_known
    if nature in {"bounce", "spam"} or (nature == "automatic" and not delivered):
        return Verdict("aside", nature)
    if nature == "bulk" and not delivered and not board:
        return Verdict("unfiled", "bulk_with_files") if files else Verdict("aside", "newsletter")
    if board and not board_known:
        return Verdict("unfiled", "board_unknown")
    if sender_is_known and not files and not body_is_resume:
        return Verdict("unfiled", "letter")
    if files > MOST_FILES:
        return Verdict("unfiled", "too_many")
    if files and files == winmails:
        return Verdict("unfiled", "winmail")
    if not files and not body_is_resume:
        return Verdict("unfiled", "no_resume")
    if choice.opening_id is None:
        return Verdict("unfiled", choice.why)
    return Verdict("filed", choice.how)
