"""Papers that are no résumé: nobody is found in them. Their firms and people do not exist."""

import pytest

from tests.resumes.reading import read

PAPERS = {
    "invoice_en": """INVOICE
Northwind Supplies Ltd
14 Fictional Lane, Dublin, Ireland
Phone: +353 85 012 3456   Email: billing@northwind.example
Invoice number: 2024-118   Invoice date: 12 March 2024
Bill to: John Smith, Blue Harbour Hotels
Description   Quantity   Unit price   Amount
Consulting services Jan 2024 - Feb 2024   10   500.00   5,000.00
Subtotal 5,000.00   VAT 23%   Amount due 6,150.00
Payment terms: 30 days. IBAN IE00 0000 0000
""",
    "invoice_zh": """增值税电子普通发票
发票代码：011002000111 发票号码：12345678 开票日期：2024年03月12日
购买方 名称：杭州青禾网络科技有限公司 纳税人识别号：91330100MA00000000
地址、电话：浙江省杭州市余杭区文一西路1号 0571-88880000
货物名称 数量 单价 金额 税率
技术服务费 1 5000.00 5000.00 6%
价税合计（大写） 伍仟叁佰元整
收款人：张伟 复核：李娜 开票人：王芳
""",
    "contract": """劳动合同
甲方：上海云杉信息技术有限公司  地址：上海市浦东新区
乙方：李晓彤  身份证号：310115199703010021 联系电话：16200002345
第一条 本合同期限自2024年3月1日起至2027年2月28日止。
第二条 乙方担任产品经理，工作地点为上海。
第三条 违约责任……
甲方（盖章） 乙方（签字）
""",
    "posting": """高级产品经理
上海云杉信息技术有限公司 · 上海·浦东新区
25-35K·14薪  3-5年  本科
职位描述
1. 负责B端产品规划；
任职要求
1. 本科及以上学历，计算机相关专业；
2. 熟悉 SQL、Axure 优先考虑。
福利待遇：五险一金、年终奖
联系人：王女士 电话：021-55550000 简历发送至 hr@yunshan.example.com
""",
    "posting_en": """Senior Data Engineer
Parcelwise, Rotterdam, Netherlands
We are looking for a data engineer to join our team.
About us
Parcelwise was founded in 2012.
Responsibilities
- Build pipelines
Requirements:
- Bachelor's degree in Computer Science
- Python, SQL
Skills
Airflow, Spark
What we offer
- 30 days of leave
How to apply: send your CV to jobs@parcelwise.example or call Anna Visser, +31 30 799 1234
""",
    "courses": """2024-2025学年第一学期课程表
课程编号 课程名称 任课教师 学分 上课时间
CS101 数据结构 王建国 3 周一 1-2节
CS102 操作系统 李红梅 3 周三 3-4节
开课学院：计算机学院 联系电话：0571-87950000
""",
    "letter": """Dear Sir or Madam,
your order of twelve chairs left our warehouse on 3 March 2024 and should arrive by Friday. If it
does not, call Peter Jones at +44 20 7946 0018 or write to orders@chairs.example. We thank you for
your business and hope that you will enjoy the chairs for many years. Our shop in Leeds is open
again since 2022, and we would be glad to see you there. The catalogue of this year has many new
pieces, among them a desk of oak, a lamp and a set of shelves. With a purchase of more than five
hundred pounds the delivery is free of charge within the country and the islands.
Yours faithfully,
Peter Jones
""",
}

CLERK = """Anna Lee
anna.lee@example.com
Experience
Northwind Ltd, Invoice Clerk   2019 - 2021
- Checked each invoice for VAT number and amount due
Education
BSc Economics, Fernhill University
"""


class TestParse:
    @pytest.mark.parametrize("text", PAPERS.values(), ids=PAPERS.keys())
    def test_finds_nobody_in(self, text: str) -> None:
        resume = read(text)

        assert (resume.name, resume.phones, resume.mails, resume.city, resume.birth) == (None, (), (), None, None)
        assert (resume.schools, resume.employers, resume.degree) == ((), (), None)
        assert [section.kind for section in resume.sections] == ["other"]
        assert "not_a_resume" in resume.warnings

    @pytest.mark.parametrize(
        "text",
        [
            "张伟\n16200138000\nzhangwei@example.com\n应聘Java工程师\n",
            "姓名：李若水\n16200001234\n",
            "简历\n王芳  16200001234\n2019.03-2021.05 宁波远帆贸易有限公司 会计\n",
            CLERK,
        ],
    )
    def test_takes_for_a_resume(self, text: str) -> None:
        resume = read(text)

        assert "not_a_resume" not in resume.warnings
        assert resume.name is not None
