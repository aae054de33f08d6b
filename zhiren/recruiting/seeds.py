"""The standard stages, and the reasons for which a way ends: two levels, on two sides."""

from datetime import datetime

from zhiren.plumbing.seeds import comes_along
from zhiren.recruiting import services

_REASONS = {  # side: (group, its English name, [(code, reason, its English name)])
    "we": [
        (
            "能力",
            "Ability",
            [
                ("skill", "技能不符", "Skills do not fit"),
                ("level", "职级不符", "Level does not fit"),
                ("experience", "经验不足", "Not enough experience"),
                ("hard_condition", "硬性条件不符", "Hard condition not met"),
            ],
        ),
        (
            "面试",
            "Interview",
            [
                ("interview_result", "面试未通过", "Interview not passed"),
                ("background", "背景调查不符", "Background check"),
            ],
        ),
        ("薪酬", "Pay", [("pay_above_band", "期望薪资超出范围", "Expected pay above the range")]),
        (
            "职位",
            "Opening",
            [
                ("position_closed", "职位关闭或已招满", "Opening closed or filled"),
                ("duplicate", "重复投递", "Duplicate application"),
            ],
        ),
    ],
    "they": [
        (
            "薪酬",
            "Pay",
            [("base_pay", "薪资不满意", "Base pay"), ("package", "福利或整体待遇不满意", "Package and benefits")],
        ),
        (
            "其他机会",
            "Other chances",
            [
                ("other_offer", "接受了其他公司", "Took another offer"),
                ("counter_offer", "被原公司挽留", "Counter-offer"),
            ],
        ),
        (
            "工作本身",
            "The job",
            [
                ("role_content", "工作内容不合适", "Content of the role"),
                ("team", "团队或上级", "Manager or team"),
                ("growth", "发展空间", "Room to grow"),
            ],
        ),
        (
            "生活",
            "Life",
            [
                ("location", "地点或通勤", "Location or commute"),
                ("flexibility", "工作时间不灵活", "Flexibility"),
                ("family", "家庭或健康", "Family or health"),
            ],
        ),
        (
            "流程",
            "Process",
            [
                ("too_slow", "流程太慢", "Process too slow"),
                ("reputation", "公司消息或口碑", "Company news or reputation"),
                ("no_reply", "失去联系", "No reply"),
                ("withdrew", "候选人自行撤回", "Withdrew the application"),
            ],
        ),
    ],
}


@comes_along
def reasons_and_stages(at: datetime) -> None:
    """Bring in the standard stages and every reason that is not there yet."""
    del at
    services.ensure_standards(_REASONS)
