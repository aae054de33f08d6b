"""Applying with a photograph of a résumé."""

import io

import pytest
from PIL import Image

from tests.careers.test_services import apply
from tests.factories import MONDAY, SYSTEM, make_opening
from tests.resumes.test_ocr import photograph
from zhiren.people import queries as people
from zhiren.plumbing import jobs
from zhiren.recruiting import services as recruiting
from zhiren.recruiting.models import IntakeFile
from zhiren.resumes import ocr_is_available

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not ocr_is_available(), reason="the optional part `ocr` is not installed"),
]


class TestApply:
    def test_reads_a_photograph_after_the_applicant_has_gone(self) -> None:
        person, (picture,) = photograph()
        out = io.BytesIO()
        picture.save(out, "JPEG")
        opening = recruiting.publish_opening(actor=SYSTEM, at=MONDAY, opening_id=make_opening().pk)

        application = apply(opening, resume=("简历.jpg", out.getvalue()))
        jobs.run_due(MONDAY)

        resume = people.resumes_of([application.person_id])[application.person_id]
        assert resume.name is not None
        assert resume.name.value == person.name
        assert not IntakeFile.objects.filter(state=IntakeFile.State.UNREADABLE).exists()

    def test_makes_a_task_of_a_picture_without_letters(self) -> None:
        out = io.BytesIO()
        Image.new("RGB", (300, 300), "white").save(out, "PNG")
        opening = recruiting.publish_opening(actor=SYSTEM, at=MONDAY, opening_id=make_opening().pk)

        application = apply(opening, resume=("photo.png", out.getvalue()))
        jobs.run_due(MONDAY)

        (row,) = IntakeFile.objects.filter(state=IntakeFile.State.UNREADABLE)
        assert (row.problem, row.application) == ("no_text", application)
