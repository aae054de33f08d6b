"""What the model that comes along adds: employments in sentences, and names without a label."""

from zhiren.resumes import parse, parse_safely

TOLD = (
    "周明远先生，1968年出生，中国国籍，无境外永久居留权，硕士研究生学历，高级工程师。1990年7月至1998年5月任云杉市第二\n"
    "机械厂技术员、车间主任；1998年6月至2006年12月任海门湾重工股份有限公司生产部经理、副总\n"
    "经理；2007年1月至今任青禾装备科技股份有限公司董事、总经理。\n"
)


class TestEmploymentsTold:
    def test_are_read_from_sentences_that_the_margin_breaks(self) -> None:
        resume = parse(TOLD.encode(), "周明远.txt")

        told = [
            (job.employer.value, job.title.value, job.start.value, job.end.value if job.end else None, job.current)
            for job in resume.employers
            if job.employer and job.title and job.start
        ]
        assert told == [
            ("云杉市第二机械厂", "技术员", "1990-07", "1998-05", False),
            ("云杉市第二机械厂", "车间主任", "1990-07", "1998-05", False),
            ("海门湾重工股份有限公司", "生产部经理", "1998-06", "2006-12", False),
            ("海门湾重工股份有限公司", "副总经理", "1998-06", "2006-12", False),
            ("青禾装备科技股份有限公司", "董事", "2007-01", None, True),
            ("青禾装备科技股份有限公司", "总经理", "2007-01", None, True),
        ]

    def test_point_at_the_very_words(self) -> None:
        resume = parse(TOLD.encode(), "周明远.txt")

        for job in resume.employers:
            for fact in (job.employer, job.title, job.start, job.end):
                assert fact is None or resume.text[fact.start : fact.end] == fact.source

    def test_come_out_of_the_child_process_too(self) -> None:
        assert parse_safely(TOLD.encode(), "周明远.txt") == parse(TOLD.encode(), "周明远.txt")

    def test_are_not_looked_for_in_a_letter_of_no_career(self) -> None:
        resume = parse("尊敬的客户：\n贵公司的货款已经收到，谢谢合作。\n".encode(), "信.txt")

        assert resume.employers == ()

    def test_leave_a_form_to_the_grammars(self) -> None:
        form = "姓名：李若水\n手机：16200001234\n工作经历\n2019.03-至今 青禾网络有限公司 高级工程师\n"

        (job,) = parse(form.encode(), "x.txt").employers

        assert job.employer is not None
        assert not job.employer.rule.startswith("model")
