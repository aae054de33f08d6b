"""Résumés by the API."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import make_opening, make_user
from tests.recruiting.test_intake import text_resume
from zhiren.access.models import User
from zhiren.plumbing import clock, jobs
from zhiren.recruiting.models import Application, Intake

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    """Return the client of somebody who is signed in."""
    client = Client()
    client.force_login(user)
    return client


class TestUploadResumes:
    def test_keeps_many_files_and_tells_how_far_their_reading_is(self) -> None:
        opening = make_opening()
        client = client_of(opening.owner)
        files = [SimpleUploadedFile("a.txt", text_resume()), SimpleUploadedFile("broken.pdf", b"%PDF-1.7 no")]

        answer = client.post(f"/api/v1/openings/{opening.pk}/resumes", {"files": files})

        assert answer.status_code == 202
        told = answer.json()
        assert (told["state"], told["total"], told["waiting"], told["source"]) == ("reading", 2, 2, "api")
        jobs.run_due(clock.now())
        after = client.get(f"/api/v1/intakes/{told['id']}").json()
        assert (after["state"], after["done"], after["unreadable"]) == ("done", 1, 1)
        [read, broken] = after["files"]
        assert read["application_id"] == str(Application.objects.get().pk)
        assert (broken["state"], bool(broken["problem"])) == ("unreadable", True)

    def test_can_be_stopped_and_resumed(self) -> None:
        opening = make_opening()
        client = client_of(opening.owner)
        files = [SimpleUploadedFile("a.txt", text_resume())]
        told = client.post(f"/api/v1/openings/{opening.pk}/resumes", {"files": files}).json()

        stopped = client.post(f"/api/v1/intakes/{told['id']}/stop").json()
        resumed = client.post(f"/api/v1/intakes/{told['id']}/resume").json()

        assert (stopped["state"], stopped["unreadable"]) == ("stopped", 1)
        assert (resumed["state"], resumed["waiting"]) == ("reading", 1)

    def test_hides_the_openings_and_uploads_of_others(self) -> None:
        opening = make_opening()
        stranger, file = client_of(make_user()), SimpleUploadedFile("a.txt", text_resume())
        told = client_of(opening.owner).post(f"/api/v1/openings/{opening.pk}/resumes", {"files": [file]}).json()
        file.seek(0)

        assert stranger.post(f"/api/v1/openings/{opening.pk}/resumes", {"files": [file]}).status_code == 404
        assert stranger.get(f"/api/v1/intakes/{told['id']}").status_code == 404
        assert client_of(make_user("interviewer")).get(f"/api/v1/intakes/{told['id']}").status_code == 403
        assert Intake.objects.count() == 1

    def test_says_that_there_was_no_file(self) -> None:
        opening = make_opening()

        assert client_of(opening.owner).post(f"/api/v1/openings/{opening.pk}/resumes", {}).status_code == 422
