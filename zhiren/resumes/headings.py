"""Headings of the parts of a résumé, in Chinese and English."""

from __future__ import annotations

import re

from zhiren.resumes.document import fold

_WORDS: dict[str, str] = {
    "personal": """个人信息 基本信息 基本资料 个人资料 个人概况 基本情况 联系方式 联系我 personal information|personal details|
        personal info|personal data|contact|contact information|contact details|contact info|contacts|basic info|basic information|bio""",
    "objective": """求职意向 求职目标 应聘职位 应聘岗位 期望工作 职业目标 意向岗位 objective|career objective|job objective|
        professional objective|career goal|career goals""",
    "summary": """自我评价 个人评价 个人简介 个人总结 个人优势 自我介绍 自我描述 个人优点 优势亮点 关于我 职业概述 个人亮点 summary|
        professional summary|profile|professional profile|career profile|executive profile|executive summary|about|about me|overview|
        career overview|career focus|summary of qualifications|qualifications summary|introduction|personal statement|
        professional overview|self evaluation|highlights of qualifications""",
    "education": """教育背景 教育经历 教育信息 学习经历 学历背景 学历信息 教育情况 受教育经历 教育程度 学历 教育 education|
        education and training|educational background|academic background|education background|academic qualifications|
        academic history|academics|qualifications and education|education & training|education and certifications|
        education and coursework|educational qualifications|academic""",
    "work": """工作经历 工作经验 工作背景 职业经历 从业经历 任职经历 工作履历 实习经历 实习经验 实习实践 工作及实习经历 工作与实习经历
        实习工作经历 社会实践 experience|work experience|professional experience|employment|employment history|work history|
        career history|employment experience|internship|internships|internship experience|relevant experience|
        related experience|job history|relevant work experience|professional background|career experience|
        professional history|work|career summary and experience|additional experience|other experience|industry experience""",
    "projects": """项目经历 项目经验 项目背景 科研经历 研究经历 科研项目 参与项目 主要项目 个人项目 projects|project|project experience|
        personal projects|academic projects|selected projects|research experience|research|research projects|key projects""",
    "skills": """专业技能 技能 个人技能 职业技能 技能特长 技能证书 掌握技能 技术栈 专业技能与证书 技能与证书 it技能 计算机技能 技能清单 相关技能
        技能与特长 专业能力 技术能力 核心技能 技术技能 skills|technical skills|key skills|core skills|professional skills|skill highlights|
        computer skills|skills and abilities|areas of expertise|expertise|core competencies|competencies|technologies|
        technical proficiencies|skills summary|technical summary|skills & expertise|skills and expertise|core qualifications|
        skill set|skillset|relevant skills|special skills|technical expertise|it skills|tools|key competencies|
        skills and tools|software skills|additional skills""",
    "languages": """语言能力 语言 外语水平 外语能力 语言水平 语言技能 languages|language|language skills|foreign languages""",
    "certificates": """证书 资格证书 荣誉证书 职业证书 证书资质 技能认证 资质证书 certifications|certificates|certification|licenses|
        licenses and certifications|certifications and licenses|professional certifications|licenses & certifications|
        certificates and training""",
    "awards": """荣誉奖项 获奖情况 获奖经历 荣誉 奖项 所获荣誉 获得荣誉 奖励 奖惩情况 荣誉奖励 荣誉与奖项 awards|honors|honours|honors and awards|
        awards and honors|achievements|accomplishments|honors & awards|awards & honors|selected honors|recognition|
        awards and recognition|key achievements""",
    "training": """培训经历 培训经验 培训 进修经历 training|trainings|professional training|courses|coursework|relevant coursework|
        continuing education|professional development|主修课程""",
    "campus": """校园经历 在校经历 学生工作 社团经历 校内活动 校园活动 在校活动 校园实践 校内经历 社团活动 学生干部经历 activities|
        extracurricular activities|leadership|leadership experience|extracurriculars|campus experience""",
    "volunteer": """志愿经历 志愿者经历 公益经历 志愿服务 volunteer|volunteer experience|volunteering|volunteer work|community service|
        community involvement""",
    "publications": """论文 发表论文 学术成果 出版物 专利 论文发表 科研成果 publications|patents|papers|selected publications|talks|
        invited talks|presentations|publications and patents""",
    "interests": """兴趣爱好 爱好 兴趣 特长 业余爱好 个人爱好 interests|hobbies|hobbies and interests|interests and hobbies|
        personal interests""",
    "references": """推荐人 证明人 references|referees|reference""",
    "other": """其他 其它 附加信息 其他信息 补充信息 家庭成员 家庭情况 其他说明 additional information|additional|other|miscellaneous|
        affiliations|professional affiliations|memberships|highlights|qualifications|accomplishment|portfolio|links|
        professional memberships|other information|military experience|military service|key qualifications|
        interests and activities|personal|strengths|key strengths""",
}

_KINDS = {
    words: kind
    for kind, text in _WORDS.items()
    for entry in re.split(r"\s+(?=[^a-z\s&|])|(?<=[^a-z\s&|])\s+(?=[a-z])|\|", re.sub(r"\s+", " ", text).strip())
    for words in [re.sub(r"\s+", " ", entry).strip()]
    if words
}
_TITLES = {
    "个人简历", "简历", "求职简历", "应聘简历", "我的简历", "中文简历", "英文简历", "人才简历", "履历", "履历表", "个人履历", "个人简历表", "简历表",
    "resume", "résumé", "curriculum vitae", "cv", "my resume", "personal resume", "curriculum vitae cv",
}  # fmt: skip
_EDGE = re.compile(r"^[\W\d_]+|[\W_]+$")
_LEAD = re.compile(r"^(?:[一二三四五六七八九十]{1,2}[、.．:]|[ivx]{1,4}[.、)]|part\s?\d+)\s?", re.IGNORECASE)


def _squeeze(text: str) -> str:
    folded = _LEAD.sub("", fold(text).strip().lower())
    return re.sub(r"\band\b|[\s&/与和及·•|,、\-–—_]", "", _EDGE.sub("", folded))


_SQUEEZED = {_squeeze(words): kind for words, kind in _KINDS.items()}
_SQUEEZED_TITLES = {_squeeze(words) for words in _TITLES}


def kind_of_heading(text: str) -> str | None:
    """Return the kind of section a line announces; None for a line that is no heading.

    Decorations, numbers, letter spacing and a translation beside it (`教育背景 EDUCATION`) do not matter.
    """
    if len(text) > 60:
        return None
    squeezed = _squeeze(text)
    if not squeezed:
        return None
    kind = _SQUEEZED.get(squeezed)
    if kind:
        return kind
    chinese = re.match(r"[\u4e00-\u9fff]+", squeezed)
    if chinese and chinese.end() < len(squeezed):
        kind = _SQUEEZED.get(chinese.group())
        return kind if kind and _SQUEEZED.get(squeezed[chinese.end() :]) else None
    turned = re.search(r"[\u4e00-\u9fff]+$", squeezed)
    if turned and turned.start():
        kind = _SQUEEZED.get(turned.group())
        return kind if kind and _SQUEEZED.get(squeezed[: turned.start()]) else None
    return None


def is_title(text: str) -> bool:
    """Return whether a line only says that this is a résumé."""
    squeezed = _squeeze(text)
    parts = re.match(r"([\u4e00-\u9fff]*)([a-zé]*)$", squeezed)
    return squeezed in _SQUEEZED_TITLES or (
        parts is not None and parts[1] in _SQUEEZED_TITLES and parts[2] in _SQUEEZED_TITLES
    )
