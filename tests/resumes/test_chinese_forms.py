"""The forms of Chinese job boards, of Hong Kong and Taiwan; nobody in them exists."""

import pytest

from tests.resumes.reading import facts_of, jobs_of, read, stays_of

OLD_BOARD = """
简历编号：JR123456789
李晓彤
女 | 29岁（1997年3月） | 现居住于上海-浦东新区 | 6年工作经验
手机：162 0000 2345 E-mail：xiaotong.li@example.com
求职意向
期望工作性质：全职
期望工作地区：杭州、上海
期望从事职业：产品经理
期望月薪：25000-35000元/月
目前状况：我目前在职，正考虑换个新环境
工作经历
2021/03 -- 至今
上海云杉信息技术有限公司 （5年8个月）
产品经理 | 产品部 | 25001-35000元/月
计算机软件 | 企业性质：民营 | 规模：500-999人
工作描述：
1、负责B端产品规划；
2、2022年上线会员系统。
2018/07 -- 2021/02
星河教育科技有限公司 （2年8个月）
产品助理 | 研发中心 | 10001-15000元/月
教育/培训 | 企业性质：民营
工作描述：协助产品经理撰写需求文档。
教育经历
2014/09 -- 2018/06 海门湾大学 工商管理 本科
语言能力
英语：读写能力良好 | 听说能力良好
"""

BOARD_WITH_SQUARE_BRACKETS = """
王志远
男 | 32 岁（1994/05/12） | 现居住广州-天河区 | 10年工作经验
汉族 | 户口：湖南长沙
电话：162-0000-3456
邮箱：zhiyuan.wang@example.com
最近工作 （4年2个月）
职位：财务经理
公司：广州百味餐饮管理有限公司
行业：餐饮业
最高学历/学位
专业：会计学
学校：南麓财经大学
学历/学位：本科
工作经验
2022/9-至今 财务经理 | 财务部
广州百味餐饮管理有限公司 [ 4年2个月 ]
餐饮业 | 500-1000人 | 民营公司
工作描述：
负责全面预算管理。
2016/7-2022/8 会计 | 财务部
深圳云帆集团有限公司 [ 6年1个月 ]
贸易/进出口 | 150-500人 | 合资
工作描述：
总账核算。
教育经历
2012/9-2016/6 南麓财经大学
本科 | 会计学
"""

HEADHUNTERS_BOARD = """
陈思远
男 · 35岁 · 硕士 · 工作11年 · 深圳
16200009876 siyuan.chen@example.com
职业现状：在职，看看新机会
所在行业：互联网/电商
求职意向
期望职位：技术总监 期望地点：深圳 期望年薪：80万
工作经历
深圳七里桥物流科技有限公司
2019.06 - 至今 (7年5个月)
技术总监
工作地点：深圳
下属人数：30人
职责业绩：
1. 搭建调度平台。
高级架构师
2017.03 - 2019.05
负责中间件。
杭州青禾网络科技有限公司
2015.07 - 2017.02 (1年8个月)
Java工程师
职责业绩：参与开发。
教育经历
南麓大学 (2012.09 - 2015.06)
计算机技术 · 硕士 · 统招
望江大学 (2008.09 - 2012.06)
软件工程 · 本科 · 统招
"""

CHAT_BOARD = """
周雨欣
27岁 | 5年经验 | 本科 | 离职-随时到岗
162-0000-1122 | yuxin.zhou@example.com
期望职位：新媒体运营 | 期望城市：成都 | 期望薪资：8-12K
个人优势
熟悉小红书、抖音运营。
工作经历
成都花语文化传媒有限公司 新媒体运营 2022.04-2025.10
1. 负责公众号内容；
2. 粉丝增长20万。
重庆山城广告有限公司 文案策划 2020.07-2022.03
撰写文案。
项目经历
品牌联名活动 项目负责人 2023.05-2023.08
策划联名活动。
教育经历
蜀江大学 本科 汉语言文学 2016-2020
"""

FORM = """
个人简历表
基本信息
姓    名：阿依古丽·买买提    性    别：女    民    族：维吾尔族
出生年月：1998.06    政治面貌：共青团员    籍    贯：新疆喀什
学    历：本科    毕业院校：天山师范学院    专    业：英语
联系电话：１６２　００００　５５６６    电子邮箱：ayguli@example.com
现居住地：新疆乌鲁木齐市天山区    户籍所在地：新疆喀什地区
求职意向：英语教师    期望城市：北京
教育背景
2016.09—2020.06  天山师范学院  英语（师范）  本科
实习经历
2019.09-2019.12  乌鲁木齐市第九中学  实习教师
校园经历
2017.09-2018.06 学生会 外联部部长
获奖情况
2018年 校级奖学金
"""

HONG_KONG = """
個人履歷
姓名：陳大文 (Chan Tai Man)
電話：+852 9123 4567
電郵：taiman.chan@example.hk
地址：香港九龍觀塘道100號
學歷
2012 - 2016  香港海灣大學  工商管理學士（市場學）
2008 - 2012  觀塘中學  香港中學文憑
工作經驗
2019年4月 - 現在    維港百貨有限公司    市場部主任
負責推廣活動及社交媒體。
2016年7月 – 2019年3月    信德廣告有限公司    客戶主任
專業技能
Photoshop、Excel
語言能力
粵語、英語、普通話
期望薪金：HK$28,000
"""

TAIWAN = """
104人力銀行
林志豪
男 35歲 台北市大安區
手機：0912-345-678
E-mail：chihhao.lin@example.tw
最高學歷：國立觀音山大學 資訊工程學系 碩士
希望職稱：軟體工程師
學歷
國立觀音山大學 資訊工程學系 碩士畢業 2012/9～2014/6
海線科技大學 資訊管理系 大學畢業 2008/9～2012/6
工作經歷
軟體工程師
淡水資訊股份有限公司（電腦軟體服務業 100~500人）
2018/3～仍在職
1. 後端系統開發。
助理工程師
北投電子股份有限公司
2014/10～2018/2
自傳
我出生於台中，熱愛程式設計。
"""

YEARS_OF_THE_REPUBLIC = """
履歷表
姓名：王美玲  性別：女  出生日期：民國78年5月12日
通訊地址：新北市板橋區文化路一段10號
行動電話：0922 111 333
學歷：
民國96年9月至民國100年6月 海線科技大學 會計系 學士
經歷
民國103年3月至今 板橋會計師事務所 審計員
民國100年8月～103年2月 三重實業有限公司 會計
"""

BOTH_LANGUAGES = """
张 三 （Sam Zhang）
Mobile: (+86) 162 0000 7788   Email: sam.zhang (at) example.com
Shanghai, China
教育背景 EDUCATION ————————
Sep 2013 – Jun 2017  Linhai University 临海大学   Bachelor of Engineering
工作经历 / WORK EXPERIENCE
Mar 2019 – Present   Northwind (Shanghai) Trading Co., Ltd.   Supply Chain Manager
• Managed suppliers.
Jul 2017 – Feb 2019  Blue Harbour Logistics   Buyer
"""

DECORATED = """
==== 个 人 简 历 ====
欧阳震华    求职意向：机械工程师
☎ 162－0000－8899  ✉ zh.ouyang @example.com  ⌂ 江苏省苏州市
【教育经历】
■ 2010/09—2014/06   江南机电学院   机械设计制造及其自动化   本科
【工作经验】
■ 2014/07—2018/03   苏州精工机械有限公司   机械工程师
主要职责：1）设计夹具
■ 2018/04—至今   无锡海纳装备制造有限公司   高级机械工程师
【项目经验】
■ 2019/01—2019/06   自动上料机
【兼职】
■ 2012/07—2012/09   苏州商店   促销员
"""

TABLE = """
姓名\t张丽\t性别\t女\t出生年月\t1990年1月
民族\t汉\t籍贯\t山东青岛\t婚姻状况\t已婚
现居城市\t济南\t联系电话\t162 0000 4433\t身份证号\t370202199001010000
起止时间\t工作单位\t职务
2015.03-至今\t济南齐鲁医院\t护士长
2012.07-2015.02\t青岛海滨医院\t护士
工作经历
时间\t公司名称\t部门\t职位
2015.03-至今\t济南齐鲁医院\t心内科\t护士长
2012.07-2015.02\t青岛海滨医院\t急诊科\t护士
教育经历
时间\t学校\t专业\t学历
2008.09-2012.06\t齐鲁医学院\t护理学\t本科
"""

SEVERAL_TITLES = """
黄文博
电话 16200005678 ｜ 邮箱 wenbo.huang@example.com ｜ 武汉
工作经历
武汉光谷通信股份有限公司    2016.07-至今
研发总监    2021.01-至今
- 管理 60 人研发团队
研发经理    2018.05-2020.12
- 负责 5G 模块
软件工程师    2016.07-2018.04
- 编码
教育背景
华中海桥大学   通信工程   2012.09-2016.06   本科
"""


class TestParse:
    @pytest.mark.parametrize(
        ("text", "facts"),
        [
            (
                OLD_BOARD,
                ("李晓彤", ["+8616200002345"], ["xiaotong.li@example.com"], "上海", "1997-03", "bachelor"),
            ),
            (
                BOARD_WITH_SQUARE_BRACKETS,
                ("王志远", ["+8616200003456"], ["zhiyuan.wang@example.com"], "广州", "1994-05-12", "bachelor"),
            ),
            (HEADHUNTERS_BOARD, ("陈思远", ["+8616200009876"], ["siyuan.chen@example.com"], "深圳", None, "master")),
            (CHAT_BOARD, ("周雨欣", ["+8616200001122"], ["yuxin.zhou@example.com"], None, None, "bachelor")),
            (
                FORM,
                ("阿依古丽·买买提", ["+8616200005566"], ["ayguli@example.com"], "乌鲁木齐", "1998-06", "bachelor"),
            ),
            (HONG_KONG, ("陳大文", ["+85291234567"], ["taiman.chan@example.hk"], "香港", None, "bachelor")),
            (TAIWAN, ("林志豪", ["+886912345678"], ["chihhao.lin@example.tw"], "台北", None, "master")),
            (YEARS_OF_THE_REPUBLIC, ("王美玲", ["+886922111333"], [], "新北", "1989-05-12", "bachelor")),
            (BOTH_LANGUAGES, ("张三", ["+8616200007788"], ["sam.zhang@example.com"], "Shanghai", None, "bachelor")),
            (DECORATED, ("欧阳震华", ["+8616200008899"], ["zh.ouyang@example.com"], "苏州", None, "bachelor")),
            (TABLE, ("张丽", ["+8616200004433"], [], "济南", "1990-01", "bachelor")),
            (SEVERAL_TITLES, ("黄文博", ["+8616200005678"], ["wenbo.huang@example.com"], "武汉", None, "bachelor")),
        ],
    )
    def test_finds_the_person_of(self, text: str, facts: tuple[object, ...]) -> None:
        assert facts_of(read(text)) == facts

    @pytest.mark.parametrize(
        ("text", "jobs"),
        [
            (
                OLD_BOARD,
                [
                    ("上海云杉信息技术有限公司", "产品经理", "2021-03", "now"),
                    ("星河教育科技有限公司", "产品助理", "2018-07", "2021-02"),
                ],
            ),
            (
                BOARD_WITH_SQUARE_BRACKETS,
                [
                    ("广州百味餐饮管理有限公司", "财务经理", "2022-09", "now"),
                    ("深圳云帆集团有限公司", "会计", "2016-07", "2022-08"),
                ],
            ),
            (
                HEADHUNTERS_BOARD,
                [
                    ("深圳七里桥物流科技有限公司", "技术总监", "2019-06", "now"),
                    ("深圳七里桥物流科技有限公司", "高级架构师", "2017-03", "2019-05"),
                    ("杭州青禾网络科技有限公司", "Java工程师", "2015-07", "2017-02"),
                ],
            ),
            (
                CHAT_BOARD,
                [
                    ("成都花语文化传媒有限公司", "新媒体运营", "2022-04", "2025-10"),
                    ("重庆山城广告有限公司", "文案策划", "2020-07", "2022-03"),
                ],
            ),
            (FORM, []),
            (
                HONG_KONG,
                [
                    ("維港百貨有限公司", "市場部主任", "2019-04", "now"),
                    ("信德廣告有限公司", "客戶主任", "2016-07", "2019-03"),
                ],
            ),
            (
                TAIWAN,
                [
                    ("淡水資訊股份有限公司", "軟體工程師", "2018-03", "now"),
                    ("北投電子股份有限公司", "助理工程師", "2014-10", "2018-02"),
                ],
            ),
            (
                YEARS_OF_THE_REPUBLIC,
                [
                    ("板橋會計師事務所", "審計員", "2014-03", "now"),
                    ("三重實業有限公司", "會計", "2011-08", "2014-02"),
                ],
            ),
            (
                DECORATED,
                [
                    ("苏州精工机械有限公司", "机械工程师", "2014-07", "2018-03"),
                    ("无锡海纳装备制造有限公司", "高级机械工程师", "2018-04", "now"),
                ],
            ),
            (
                TABLE,
                [("济南齐鲁医院", "护士长", "2015-03", "now"), ("青岛海滨医院", "护士", "2012-07", "2015-02")],
            ),
            (
                SEVERAL_TITLES,
                [
                    ("武汉光谷通信股份有限公司", "研发总监", "2021-01", "now"),
                    ("武汉光谷通信股份有限公司", "研发经理", "2018-05", "2020-12"),
                    ("武汉光谷通信股份有限公司", "软件工程师", "2016-07", "2018-04"),
                ],
            ),
        ],
    )
    def test_finds_the_jobs_of(self, text: str, jobs: list[tuple[str, ...]]) -> None:
        assert jobs_of(read(text)) == jobs

    @pytest.mark.parametrize(
        ("text", "stays"),
        [
            (HONG_KONG, [("香港海灣大學", "bachelor", "工商管理"), ("觀塘中學", "secondary", None)]),
            (TAIWAN, [("國立觀音山大學", "master", "資訊工程學系"), ("海線科技大學", "bachelor", "資訊管理系")]),
            (FORM, [("天山师范学院", "bachelor", "英语（师范）")]),
            (TABLE, [("齐鲁医学院", "bachelor", "护理学")]),
            (HEADHUNTERS_BOARD, [("南麓大学", "master", "计算机技术"), ("望江大学", "bachelor", "软件工程")]),
        ],
    )
    def test_finds_the_studies_of(self, text: str, stays: list[tuple[str | None, ...]]) -> None:
        assert [stay[:3] for stay in stays_of(read(text))] == stays

    def test_keeps_internships_and_campus_life_apart_from_jobs(self) -> None:
        kinds = [section.kind for section in read(FORM).sections]

        assert kinds[-3:] == ["internships", "campus", "awards"]

    def test_keeps_the_characters_as_they_are_written(self) -> None:
        resume = read(HONG_KONG)

        assert resume.name is not None
        assert resume.text[resume.name.start : resume.name.end] == resume.name.source == "陳大文"
