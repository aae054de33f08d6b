"""Words by which a job title or an employer is known."""

from __future__ import annotations

import re

_TITLE_WORDS = (
    "working student|student worker|werkstudent|"
    "engineer|developer|programmer|architect|manager|director|supervisor|coordinator|administrator|assistant|"
    "associate|analyst|"
    "consultant|specialist|officer|executive|president|vice president|vp|svp|evp|ceo|cto|cfo|coo|cio|chro|"
    "founder|co-founder|cofounder|"
    "partner|principal|head|lead|leader|intern|trainee|apprentice|accountant|auditor|bookkeeper|controller|clerk|"
    "secretary|"
    "receptionist|representative|rep|agent|advisor|adviser|broker|banker|teller|cashier|associate|salesperson|"
    "salesman|buyer|"
    "merchandiser|designer|artist|writer|editor|journalist|reporter|producer|photographer|animator|translator|"
    "interpreter|"
    "teacher|instructor|professor|lecturer|tutor|trainer|coach|counselor|counsellor|principal|researcher|"
    "scientist|fellow|"
    "nurse|physician|doctor|surgeon|pharmacist|therapist|technician|technologist|mechanic|electrician|welder|"
    "operator|machinist|"
    "foreman|superintendent|inspector|planner|scheduler|estimator|surveyor|driver|pilot|chef|cook|baker|waiter|"
    "waitress|server|"
    "bartender|host|hostess|barista|housekeeper|janitor|guard|attorney|lawyer|paralegal|counsel|advocate|"
    "recruiter|generalist|"
    "worker|laborer|helper|volunteer|member|captain|sergeant|owner|proprietor|freelancer|contractor|marketer|"
    "strategist|"
    "dispatcher|loader|picker|packer|stocker|crew|staff|steward|attendant|aide|caregiver|stylist|beautician|"
    "dietitian|nutritionist|"
    "illustrator|copywriter|postdoc|post-doc|dentist|veterinarian|midwife|dietitian|psychologist|economist|"
    "statistician|"
    "biologist|chemist|physicist|mathematician|actuary|underwriter|trader|realtor|appraiser|carpenter|plumber|painter|"
    "gardener|tailor|seamstress|butcher|sommelier|concierge|courier|postman|firefighter|paramedic|phlebotomist|"
    "optician|"
    "hygienist|radiographer|anesthetist|orderly|warden|deputy|commander|lieutenant|corporal|soldier|registrar|"
    "dean|provost|"
    "proofreader|publicist|videographer|cinematographer|musician|composer|dancer|actor|actress|singer|model|"
    "ingenieur|entwickler|leiter|leiterin|berater|referent|kaufmann|kauffrau|werkstudent|praktikant|geschäftsführer|"
    "ingénieur|développeur|directeur|directrice|responsable|stagiaire|chargée?|ingeniero|ingeniera|"
    "desarrollador|gerente|"
    "becario|programme lead|product lead|webmaster|blogger|tutor|mentor|ombudsman|underwriter|"
    "librarian|curator|chairman|chairperson|chair|secretary|treasurer|delegate|ambassador|evangelist|"
    "scrum master|product owner|"
    "tester|qa|dba|sysadmin|sde|hrbp|personnel|human resources|finance|information technology"
)
_TITLE = re.compile(rf"(?<![a-z])(?:{_TITLE_WORDS})(?:s|ing)?(?![a-z])", re.IGNORECASE)
_CHINESE_TITLE = re.compile(
    r"(?:工程师|专家|总经理|副总|助教|辅导员|班主任|经纪人|文案|编剧|导演|演员|模特|主持人|理货员|配送员|快递员|"
    r"骑手|厨工|面点师|营业员|"
    r"培训生|学徒|调度员?|统计员?|资料员|造价师|建造师|安全员|施工员|预算员|药剂师|药师|验光师|营养师|理疗师|"
    r"月嫂|保姆|飞手|飞行员|乘务员|"
    r"经理|总监|主管|专员|助理|实习生|实习|顾问|设计师|分析师|架构师|会计师?|出纳|文员|文秘|秘书|总裁|"
    r"主任|教师|老师|讲师|教授|教练|代表|组长|店长|"
    r"班长|队长|处长|科长|部长|院长|校长|行长|董事长?|负责人|合伙人|创始人|联合创始人|店员|收银员|服务员|厨师长?|"
    r"司机|护士长?|医师|医生|律师|编辑|记者|翻译|导游|"
    r"导购|客服|前台|保安|保洁|电工|焊工|技工|技师|技术员|操作工|普工|质检员|仓管员?|库管|采购员?|跟单员?|业务员|"
    r"销售员?|推销员|策划师?|运营|开发|测试|前端|后端|"
    r"人事|行政|财务|审计员?|研究员|科学家|程序员|培训师|架构|储备干部|管培生|领班|主席|干事|委员|书记|委员长|"
    r"监事|站长|督导|美工|剪辑师?|摄影师?|化妆师|主播|"
    r"CEO|CTO|CFO|COO|HRBP|HRD|HR|PM|BP)(?:[（(][^（）()]{1,15}[)）])?$",
    re.IGNORECASE,
)
_EMPLOYER = re.compile(
    r"(?<![a-z])(?:freelance|self-employed|self employed|selbständig|freiberuflich|independent|université?|universität|"
    r"universiteit|universidad|università|hochschule|s\.r\.l|s\.l|s\.p\.a|b\.v|n\.v|oy|ab|kg|sarl|sas|société|società|"
    r"trust|council|infirmary|hospice|practice|nhs|bureau|authority|commission|museum|theatre|theater|library|brewery|"
    r"bakery|pharmacy|shop|supermarkets?|outfitters|brothers|sons|works|"
    r"inc|llc|l\.l\.c|ltd|limited|corp|corporation|co|company|companies|group|holdings?|gmbh|ag|plc|"
    r"s\.a|pty|pte|bank|"
    r"university|college|institute|school|academy|hospital|clinic|medical center|health ?care|technologies|"
    r"technology|systems|solutions|"
    r"services|labs?|laborator(?:y|ies)|studios?|agency|agencies|associates|partners|consulting|consultants|"
    r"ventures|(?<!human )capital|"
    r"industries|enterprises?|international|foundation|organi[sz]ation|association|department of|ministry|army|"
    r"navy|air force|"
    r"marine corps|city of|county|state of|government|church|hotel|resorts?|restaurant|caf[eé]|store|stores|"
    r"airlines?|airways|motors|"
    r"pharma(?:ceuticals)?|insurance|financial|securities|media|press|logistics|foods?|markets?|software|"
    r"networks?|deepmind|research)"
    r"(?![a-z])\.?",
    re.IGNORECASE,
)
_EUROPEAN = re.compile(r"\S SE$")  # small letters are a word of Spanish
_CHINESE_EMPLOYER = re.compile(
    r"(?:公司|集团|银行|医院|诊所|学校|大学|学院|中学|小学|幼儿园|中心|研究院|研究所|设计院|事务所|工作室|工厂|厂|"
    r"商店|门店|超市|酒店|宾馆|餐厅|饭店|连锁|"
    r"科技|控股|传媒|网络|股份|证券|保险|基金|律所|出版社|报社|电视台|委员会|协会|部队|管理局|局|政府|街道办|物流|"
    r"快递|实验室|机构|企业|百货|影业|"
    r"个体户|个体经营|自由职业|自主创业|会计师行|律师行|商会|书店|药房|药店|机场|港口|学会|协会|行政公署|署|"
    r"电子商务|信息技术|软件|互联网|生物|医药|制造|实业|贸易|商贸|咨询|教育|金融|地产|置业|"
    r"物业)(?:[（(][^（）()]{1,12}[)）])?(?:有限(?:责任)?公司|总部|分公司|分行|支行|门店)?$"
)


def looks_like_title(text: str) -> bool:
    """Return whether a piece of a line reads like what somebody does."""
    bare = text.strip()
    if re.search(r"[\u4e00-\u9fff]", bare):
        return _CHINESE_TITLE.search(bare) is not None and len(bare) <= 24
    return _TITLE.search(bare) is not None and len(bare.split()) <= 9


def looks_like_employer(text: str) -> bool:
    """Return whether a piece of a line reads like an organisation."""
    bare = text.strip()
    if re.search(r"[\u4e00-\u9fff]", bare):
        return _CHINESE_EMPLOYER.search(bare) is not None and len(bare) <= 40
    return _EMPLOYER.search(bare) is not None or _EUROPEAN.search(bare) is not None
