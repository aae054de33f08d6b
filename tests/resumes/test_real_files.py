"""Real files where they are at hand: ground truth in five layouts, and anonymous résumés of 24 occupations."""

from pathlib import Path

import pytest
import yaml

from zhiren.resumes import parse

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
LAYOUTS, LIVECAREER = DATA / "resume_layouts", DATA / "resumes_en_livecareer_pdf"

pytestmark = pytest.mark.skipif(not LAYOUTS.is_dir(), reason=f"the résumé data sets are not at {DATA}")


class TestLayouts:
    @pytest.mark.parametrize("theme", ["Classic", "Engineeringclassic", "Engineeringresumes", "Ink", "Sb2nov"])
    def test_give_the_same_facts(self, theme: str) -> None:
        truth = yaml.safe_load((LAYOUTS / "rendercv" / f"John_Doe_{theme}.yaml").read_text(encoding="utf-8"))["cv"]
        resume = parse((LAYOUTS / "rendercv" / f"John_Doe_{theme}.pdf").read_bytes(), "cv.pdf")

        assert (resume.name and resume.name.value, [mail.value for mail in resume.mails]) == (
            truth["name"],
            [truth["email"]],
        )
        assert resume.phones == ()
        assert [(stay.school.value, stay.major and stay.major.value) for stay in resume.schools] == [
            (stay["institution"], stay["area"]) for stay in truth["sections"]["education"]
        ]
        assert [
            (job.employer and job.employer.value, job.title and job.title.value, job.start and job.start.value)
            for job in resume.employers
        ] == [(job["company"], job["position"], job["start_date"]) for job in truth["sections"]["experience"]]
        assert [job.end.value if job.end else "present" for job in resume.employers] == [
            job["end_date"] for job in truth["sections"]["experience"]
        ]

    def test_of_a_chinese_page_with_icons_is_read(self) -> None:
        resume = parse((LAYOUTS / "typst_zh_li_ming.pdf").read_bytes(), "cv.pdf")

        assert resume.name is not None
        assert resume.name.value == "某某"
        assert [phone.value for phone in resume.phones] == ["+8613333333333"]
        assert [mail.value for mail in resume.mails] == ["liming@example.com"]
        assert [section.kind for section in resume.sections][:3] == ["header", "education", "skills"]


class TestAnonymousResumes:
    @pytest.mark.parametrize(
        "folder", sorted(path for path in LIVECAREER.glob("*") if path.is_dir()), ids=lambda folder: folder.name
    )
    def test_have_sections_and_nobody_reachable(self, folder: Path) -> None:
        path = min(folder.glob("*.pdf"))
        resume = parse(path.read_bytes(), path.name)

        assert len(resume.sections) > 1
        assert resume.skills
        assert (resume.name, resume.phones) == (None, ())
