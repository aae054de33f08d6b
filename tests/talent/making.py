"""Persons with a résumé, and looking for them."""

from __future__ import annotations

import json
from typing import Any

from tests.factories import MONDAY, SYSTEM, make_person
from zhiren.kernel.actors import Actor
from zhiren.people import services as people
from zhiren.people.models import Person
from zhiren.resumes import parse
from zhiren.talent import queries
from zhiren.talent.queries import Search

RESUME = """陈一诺
现居：上海

教育经历
2011.09 - 2015.06  东海理工大学  计算机科学与技术  本科

工作经历
2021.03 - 至今  云帆数据（演示）有限公司  高级后端工程师
负责订单系统的拆分与重构，使用 Python、PostgreSQL 与 Kafka，日均处理两千万条消息。

专业技能
Python、Java、PostgreSQL
"""


def with_resume(text: str = RESUME, **given: Any) -> Person:
    """Return a person with a résumé of this text."""
    person = make_person(**given)
    document = people.store_document(
        at=MONDAY, data=text.encode(), name="a.txt", media_type="text/plain", person_id=person.pk
    )
    people.keep_resume(
        at=MONDAY,
        document=document,
        parsed_json=json.dumps(parse(text.encode(), "a.txt").to_json(), ensure_ascii=False),
        facts=1,
        parser="1",
    )
    return person


def names_found(text: str = "", actor: Actor = SYSTEM, sort: str = "newest", **filters: str) -> list[str]:
    """Return who is found, in order."""
    search = Search(text, {name: (value,) for name, value in filters.items()}, sort)
    rows = queries.page_of(actor, search, at=MONDAY).rows
    return [row.person.name for row in rows]
