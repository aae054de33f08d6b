"""Candidates as a spreadsheet."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, SYSTEM, actor_of, make_application, make_opening, make_person, make_user
from zhiren.access.models import User
from zhiren.kernel.refusals import Forbidden
from zhiren.people import merging
from zhiren.recruiting import exports
from zhiren.recruiting.lists import Filters
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db


def download(user: User, query: str = "") -> Any:
    """Return the answer to a user who asks for the file."""
    client = Client()
    client.force_login(user)
    return client.get(reverse("recruiting:export") + query)


def parts_of(data: bytes) -> dict[str, str]:
    """Return the XML parts of a spreadsheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def sheet_of(user: User, query: str = "") -> str:
    """Return the cells as XML."""
    return parts_of(b"".join(download(user, query).streaming_content))["xl/worksheets/sheet1.xml"]


class TestExportCandidates:
    def test_holds_what_one_may_see_with_masked_contacts(self) -> None:
        mine = make_application(
            make_opening(), make_person(name="郑亦安", phones=["13900002222"], mails=["a@b.example"])
        )
        make_application(person=make_person(name="别人的"))

        sheet = sheet_of(mine.opening.owner)

        assert "郑亦安" in sheet
        assert "139****2222" in sheet
        assert "13900002222" not in sheet
        assert "a@b.example" not in sheet
        assert "别人的" not in sheet

    def test_writes_text_where_a_name_looks_like_a_formula(self) -> None:
        application = make_application(
            person=make_person(name="=HYPERLINK(&quot;http://evil.example&quot;)", headline="+1+cmd|' /C calc'!A0")
        )

        answer = b"".join(download(application.opening.owner).streaming_content)

        parts = parts_of(answer)
        assert "<f>" not in parts["xl/worksheets/sheet1.xml"]
        assert "=HYPERLINK" in parts["xl/worksheets/sheet1.xml"]
        assert not [name for name in parts if "rels" in name and "evil" in parts[name]]

    def test_follows_the_filters(self) -> None:
        opening = make_opening()
        make_application(opening, make_person(name="硕士生", degree="master"))
        make_application(opening, make_person(name="本科生", degree="bachelor"))

        sheet = sheet_of(opening.owner, f"?degree=master&opening={opening.pk}")

        assert ("硕士生" in sheet, "本科生" in sheet) == (True, False)

    def test_shows_and_filters_by_who_stays_of_a_merge(self) -> None:
        opening = make_opening()
        stays = make_person(name="周明远", city="上海", degree="master", phones=[])
        goes = make_person(name="周明遠", city="北京", degree="bachelor", phones=["13900002222"])
        make_application(opening, goes)
        merging.merge_persons(actor=SYSTEM, at=MONDAY, stays_id=stays.pk, goes_id=goes.pk)

        shown = [sheet_of(opening.owner, query) for query in ("", "?city=上海&degree=master", "?q=明遠", "?q=明远")]

        for sheet in shown:
            assert ("周明远" in sheet, "上海" in sheet, "139****2222" in sheet) == (True, True, True)
            assert "北京" not in sheet
        assert "周明" not in sheet_of(opening.owner, "?city=北京")

    def test_is_on_the_record(self) -> None:
        opening = make_opening()
        make_application(opening)

        exports.export_candidates(
            actor=actor_of(opening.owner), at=MONDAY, filters=Filters(opening=opening.pk), sources={}
        ).close()

        event = timeline.events_named(["recruiting.candidates.exported"]).get()
        assert (event.by, event.payload) == (opening.owner_id, {"count": 1, "opening_id": str(opening.pk)})

    @pytest.mark.parametrize("role", ["hiring_manager", "interviewer", "administrator"])
    def test_is_refused_to_who_may_not(self, role: str) -> None:
        user = make_user(role)

        assert download(user).status_code == 403
        with pytest.raises(Forbidden):
            exports.export_candidates(actor=actor_of(user), at=MONDAY, filters=Filters(), sources={})

    def test_writes_every_row_across_batches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exports, "_BATCH", 2)
        opening = make_opening()
        for hours in range(5):
            make_application(opening, at=MONDAY - timedelta(hours=hours))

        with exports.export_candidates(actor=SYSTEM, at=MONDAY, filters=Filters(), sources={}) as target:
            sheet = parts_of(target.read())["xl/worksheets/sheet1.xml"]

        assert len(re.findall(r"<row ", sheet)) == 6
        assert len(re.findall(r"\*\*\*\*@example.com", sheet)) == 5
