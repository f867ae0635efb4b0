"""The phrases of each vacancy rule, beside the phrases that only look like one.

A match counts unless one of the rule's innocent phrases overlaps it: 男装, 妇科 and 婚纱 are goods
and trades, and 不收押金 promises the contrary of 收押金.
"""

import re
from dataclasses import dataclass

from jobfair.employers.rules import clauses
from jobfair.kit.i18n import N_

STOP = "stop"
WARN = "warn"
_PLACES = (
    "(?:外地|外省|本地|本市|本省|河南|河北|东北|新疆|西藏|湖北|湖南|四川|贵州|云南|广西|安徽|江西|福建|山东|"
    "山西|陕西|甘肃|海南|内蒙|本村|深圳|广东|广州|上海|北京|杭州|苏州|合肥|重庆)"
)
_GIVER = "(?:公司|企业|厂方|我司|单位|本厂|工厂)"
_NEGATION = (
    "(?:不收|不交|不扣|不押|不要|无需|不需|不用|免|无|零|没有|拒绝|绝不|不得|严禁|不存在|杜绝)"
)


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """One thing a vacancy text must not say.

    Attributes:
        code: name, for lists and tests.
        severity: ``stop`` keeps it from being published, ``warn`` asks to look again.
        clause: the law, as a msgid.
        message: what is wrong, as a msgid.
        suggestion: what to write instead, as a msgid.
        pattern: phrases that break the rule.
        innocent: phrases around a match that make it harmless.
        lawful: words anywhere in the text that may make it lawful; then it only warns.
    """

    code: str
    severity: str
    clause: str
    message: str
    suggestion: str
    pattern: re.Pattern[str]
    innocent: re.Pattern[str] | None = None
    lawful: re.Pattern[str] | None = None


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


PHRASE_RULES: tuple[PhraseRule, ...] = (
    PhraseRule(
        "sex",
        STOP,
        clauses.WOMEN,
        N_("The text asks for men or women."),
        N_("Leave the sex out and describe the work, e.g. the weight to be carried."),
        _any(
            r"[仅只]?限(?:招|收|制)?[男女](?:性|士|生|工)?",
            r"[仅只](?:招|要|收|录|聘)[男女](?:性|士|生|工)?",
            r"(?<![男女])[男女](?:性|士|生|孩|工)?者?(?:求职者|应聘者|员工)?(?:优先|勿扰|勿投|免投|除外)",
            r"性别(?:要求|限制)?[:：为是\s]*(?:限|要求|仅限)?[男女](?![女男不均])",
            r"(?:要求|须为?|需为?|必须为?|要|应为|招聘?|诚聘|急招|急聘|招收|招募)\s*[男女](?:性|士|生|工|孩|青年|员工|普工"
            r"|服务员|文员|操作工|保安|主播|助理|销售|客服|司机|技师|迎宾|助教|学徒|工人)",
            r"(?:不招|不要|不收|谢绝|拒绝|不考虑|不录用)[男女](?:性|士|生|工|孩)?",
            r"(?<![男女])[男女](?:性|工|生|士)?\s*\d+\s*[名人]",
            r"(?<![男女])[男女](?:性|士|工)?\s*[,，、;；:：]?\s*(?:年龄)?\s*\d{2}\s*[-—–~～至到]\s*\d{2}\s*(?:周)?岁",
            r"\d{2}\s*[-—–~～至到]\s*\d{2}\s*(?:周)?岁(?:之间|左右)?\s*(?:的)?[,，、;；\s]*[男女](?:性|士|工|生)?"
            r"(?=[,，、;；。.\s）)]|$)",
            r"(?:^|[,，;；。\s、.:：)）(（])[男女](?:性|士|生)?(?=[,，;；。\s、)）]|$)",
            r"(?<![男女])[男女](?:性|士|工|生)?\s*\d{2}\s*(?:周)?岁(?:以[上下内]|左右)",
        ),
        _any(
            r"男(?:性|士|生)?\s*[/、,，和或]?\s*女(?:性|士|生)?(?:不限|各|都|均|皆|\s*\d|(?=[/、,，;；。\s)）]|$))",
            r"(?:客户|用户|顾客|人群|会员|读者|消费者|学员|产品|品牌|市场)[^,，。;；]{0,6}[:：][^。;；]{0,8}[男女]",
            r"男女(?:不限|均可|皆可|都可|老少|平等|同工|均|通用)?",
            r"[男女](?:性)?(?:装|鞋|裤|包|科|童|厕|表|袜|内衣|士内衣|士香水|性?用品|性?健康|性?服[装饰]|性?客户|性?消费者|性?时尚"
            r"|性?顾客|性?杂志|性?护理|性?市场|性?话题|性?用户|性?群体|性?平台|性?社区|性?医院|篮|足|排|神|频|团|士皮鞋)",
            r"[男女](?:生|工|员工|职工)?(?:公寓|宿舍|寝室|浴室|更衣室)",
            r"女职工(?:权益|保护|委员会|禁忌|特殊)",
            r"性别不限|不限性别|不限男女|性别[:：\s]*不限",
        ),
        _any(r"矿山井下|井下作业|第四级体力劳动|女职工禁忌|四级体力"),
    ),
    PhraseRule(
        "ethnicity",
        STOP,
        clauses.ETHNIC,
        N_("The text shuts out people by ethnic group."),
        N_("Leave the ethnic group out."),
        _any(
            r"[仅只]?[限招]汉族|汉族优先|民族[:：]?\s*汉族?(?![语文])|[要须需]为?汉族",
            r"(?:少数民族|[藏维回彝苗壮]族|维吾尔族?)(?:勿扰|除外|不要|不招|勿投|免谈|不考虑)",
            r"(?:不招|不要|不收|谢绝|不考虑|不录用|非)(?:少数民族|[藏维回彝苗]族|维吾尔族?)",
        ),
        _any(r"非少数民族地区"),
    ),
    PhraseRule(
        "family",
        STOP,
        clauses.WOMEN,
        N_("The text asks about marriage, children or pregnancy."),
        N_("Leave marriage and children out; say which hours must be covered."),
        _any(
            r"已婚(?:已|未)?育?(?:者|的|女性|男性|人士)?(?:优先|勿扰|除外|佳|为佳|均可考虑)?",
            r"未婚(?:未育)?(?:者|的|女性)?(?:优先|勿扰|除外|佳)?",
            r"(?:限|要求|需|须)(?:单身|未婚|已婚)|单身(?:者)?优先",
            r"(?:婚育|婚姻|生育)(?:状况|情况|要求)?[:：]?\s*(?:已|未|要求|限|稳定)\S{0,2}",
            r"[一二三两1-5]年内?(?:不得|不能|不可|不|无)(?:结婚|生育|怀孕|要孩子|生孩子|婚育计划|生育计划)",
            r"(?:无|没有|近期无)(?:婚育|生育|怀孕|二胎|二孩)(?:计划|打算|需求)",
            r"(?:孕检|妊娠测试|验孕|怀孕检查)|(?:不招|谢绝|不要)孕妇|孕妇(?:勿扰|除外)",
        ),
        _any(
            r"[已未]婚(?:照|男女交友|会员|青年联谊|客户)",
            r"(?:不限|无论|不论)(?:已婚|未婚)?(?:婚育|婚姻|婚否|已婚|未婚)",
            r"(?:婚育|婚姻|婚育状况|婚姻状况)\s*[:：]?\s*不限|[已未]婚[已未]婚?均可|已婚未婚(?:均可|不限)",
            r"(?:免费|提供|每年|享受)(?:孕检|婚检)|孕检(?:假|门诊|中心|护士)",
        ),
    ),
    PhraseRule(
        "hukou",
        STOP,
        clauses.RURAL,
        N_("The text limits where people come from or their household registration."),
        N_("Leave registration and home place out; say if lodging is provided."),
        _any(
            rf"[仅只]?限{_PLACES}(?:户口|户籍|籍|人|居民|人士)",
            r"[仅只]?限(?:城镇|城市|非农|农业|农村)(?:户口|户籍)|限深户|限沪籍|限京籍",
            rf"{_PLACES}(?:户口|户籍|籍|人|人士|居民|城镇户口)者?(?:优先|佳)",
            r"(?:城镇|城市|非农|农业|农村)(?:户口|户籍)(?:者)?(?:优先|佳)|(?:深户|沪籍|京籍|户籍本地)优先",
            rf"(?:不招|不要|不收|谢绝|拒绝|不考虑|不录用|不接受){_PLACES}(?:人|户口|户籍|籍|省人|人员)?",
            rf"{_PLACES}(?:人|籍|户口|人员|人士)?(?:勿扰|除外|不要|不招|勿投|免谈|免投)",
            rf"非{_PLACES}(?:人|籍|户口|户籍)(?!不限)",
            rf"(?:户口|户籍)(?:要求|限制)?[:：]?\s*(?:必须|需|须|要求|限|为|是)*\s*(?:{_PLACES}|城镇|非农|农业)",
            rf"(?:要求|必须|须|需)(?:是|为|具有|有|持)?{_PLACES}(?:常住)?(?:户口|户籍)",
            rf"{_PLACES}(?:常住)?(?:户口|户籍)(?:的)?(?:男|女|人员|人士|者)",
            rf"(?:^|[,，;；。\s、.:：)）])(?:沪籍|京籍|深户|(?:本地|本市|本村)人|{_PLACES}(?:户口|户籍|籍))(?=[,，;；。\s]|$)",
        ),
        _any(
            r"(?:协助|可|解决|提供|帮助|代)(?:办理|落|申请|解决)?[\u4e00-\u9fff]{0,4}(?:户口|户籍|落户)",
            r"户[口籍]不限|不限户[口籍]|户[口籍](?:要求)?[:：]\s*不限",
        ),
    ),
    PhraseRule(
        "health_carrier",
        STOP,
        clauses.HEPATITIS_NOTICE,
        N_("The text shuts out carriers of hepatitis B or asks for the test."),
        N_("Leave it out; a health certificate may be asked for only where the law says so."),
        _any(
            r"(?:无|非|没有|不招|谢绝|不要|不收|排除|不录用)(?:患有?)?(?:乙肝|大三阳|小三阳|大小三阳|乙型肝炎|病毒携带|肝炎|艾滋)[\u4e00-\u9fff]{0,4}",
            r"(?:乙肝|大三阳|小三阳|乙型肝炎|HBV|HBsAg|两对半|表面抗原)[\u4e00-\u9fff]{0,4}(?:勿扰|除外|不要|不招|阴性|不录用|免谈|不能)",
            r"(?:体检|检查|检测|查|化验|验)[\u4e00-\u9fff、，,（(]{0,8}(?:乙肝(?!疫苗)|两对半|大三阳|HBV|HBsAg)",
            r"(?:乙肝|两对半|HBV|HBsAg)(?:五项|项目)?(?:检查|检测|化验|体检|报告)(?!试剂|技术|方法|产品|仪)",
        ),
        _any(
            r"(?:不|免|无需|不用|不得)(?:做|检|查|验|检查|体检|检测)+[\u4e00-\u9fff]{0,3}(?:乙肝|两对半|大三阳)",
            r"(?:乙肝|肝炎)(?:患者|病人)?[\u4e00-\u9fff]{0,4}(?:疫苗|药|试剂|治疗|防治|研究|护理|均可|也可|可以|不限)",
        ),
    ),
    PhraseRule(
        "infectious",
        WARN,
        clauses.CARRIERS,
        N_("The text shuts out people with any infectious disease."),
        N_("Leave it out; only work that the law names may be closed, after a medical opinion."),
        _any(r"(?:无|没有|不得有|未患)(?:任何)?传染(?:性?疾?病|性疾患)"),
    ),
    PhraseRule(
        "disability",
        STOP,
        clauses.DISABLED,
        N_("The text shuts out disabled people."),
        N_("Describe the task itself; the person can say whether it is possible."),
        _any(
            r"残疾(?:人|者|人士)?(?:勿扰|除外|不要|不招|勿投|免谈)",
            r"(?:不招|不要|不收|谢绝|拒绝|无|非)残疾(?:人|者|人士)?",
            r"四肢健全|身体无残疾|无(?:身体)?残疾|肢体健全|无残障",
        ),
        _any(r"残疾人(?:优先|可|也可|均可)|无残疾人?(?:限制|歧视)|残疾不限"),
    ),
    PhraseRule(
        "religion",
        STOP,
        clauses.MARKET,
        N_("The text asks about religion."),
        N_("Leave religion out."),
        _any(
            r"无宗教信仰|(?:不招|谢绝|不要)(?:信教|有宗教信仰|教徒)",
            r"(?:信教|有宗教信仰|教徒)(?:者|的)?(?:勿扰|除外|不要|不招)",
            r"(?:佛教|基督教?|伊斯兰教?|天主教|道教)徒?(?:信徒|信仰)?(?:者)?优先|宗教信仰[:：]\s*无",
        ),
    ),
    PhraseRule(
        "politics",
        WARN,
        clauses.EQUAL_ACCESS,
        N_("The text asks about party membership."),
        N_("Leave it out unless the post is party work by its nature."),
        _any(
            r"(?:限|须为?|需为?|必须是?|要求)(?:中共)?党员|(?:中共)?(?:党员|团员)(?:身份)?(?:者)?优先",
            r"政治面貌[:：]?\s*(?:要求|须|需)?(?:为|是)?(?:中共)?(?:党员|团员)",
        ),
        None,
        _any(r"党[建务群工委支]|党组织|团委|纪检"),
    ),
    PhraseRule(
        "photo",
        STOP,
        clauses.PERSONAL_DATA,
        N_("The text asks for a photo."),
        N_("Ask for a résumé without a photo."),
        _any(
            r"(?:附|附上|附带|贴|发送?|上传|投递|附有)(?:本人|个人|近期|清晰|真实|最近|[12一二两]?张|[12一二两]寸|彩色|免冠|的|全身|生活|半身|素颜|形象)*"
            r"(?:照片|生活照|全身照|近照|免冠照|形象照|素颜照|玉照|照(?=[,，。;；\s者]|$))",
            r"无照片?(?:者)?(?:勿扰|勿投|不予|免谈|简历不)|(?:简历|应聘)(?:请|需|须|必须)?(?:附|有|带)(?:照|相片)",
        ),
        _any(
            r"(?:客户|顾客|用户|宝宝|产品|商品|现场|菜品|巡检|施工|房源)[\u4e00-\u9fff]{0,6}照",
            r"入职[\u4e00-\u9fff\d：:，,、]{0,24}照片?",
        ),
    ),
    PhraseRule(
        "zodiac",
        STOP,
        clauses.EQUAL_ACCESS,
        N_("The text asks for a zodiac sign, birth animal or blood type."),
        N_("Leave it out."),
        _any(
            r"(?:属相|生肖|星座|血型|八字)(?:要求|限|为|是|[:：]|优先|除外|不合|相合|符合)(?!\s*不限)",
            r"(?:白羊|牡羊|金牛|双子|巨蟹|狮子|处女|天秤|天蝎|射手|摩羯|魔羯|水瓶|双鱼)座?(?:的|者)?(?:优先|勿扰|除外|不要|免谈|勿投)",
            r"(?:不要|不招|谢绝|拒绝)(?:[\u4e00-\u9fff]{2}座|属[鼠牛虎兔龙蛇马羊猴鸡狗猪])",
            r"属[鼠牛虎兔龙蛇马羊猴鸡狗猪](?:的|者)?(?:优先|勿扰|除外|不要|免谈|勿投)",
            r"(?:A|B|O|AB)型血(?:的|者)?(?:优先|勿扰|除外|不要)",
        ),
        _any(
            r"(?:属相|生肖|星座|血型)[:：]?\s*不限|(?:星座|生肖|血型)(?:运势|文化|产品|分析|检测|鉴定)"
        ),
    ),
    PhraseRule(
        "appearance",
        WARN,
        clauses.FAIR_CONDITIONS,
        N_("The text asks for height, weight or looks."),
        N_("Say what the work needs, e.g. reaching a shelf of 1.8 m."),
        _any(
            r"(?:净)?身高\s*(?:要求|须|需|应|必须|不低于|在|达|达到|为)?[:：]?\s*[男女]?(?:性|士)?\s*(?:1[.]?\d|一米|不低于|\d{3})",
            r"[男女](?:性|士|生)?身高\s*\d|(?:五官|相貌|容貌|长相)(?:端正|端庄|清秀|好|佳|姣好|良好)",
            r"形象(?:气质)?(?:较|很|要)?(?:佳|好|良好|俱佳|端正|出众|大方)|气质(?:佳|好|高雅)|仪表(?:良好|端庄)",
            r"颜值(?:高|在线)?(?:的|者)?优先|(?:要求|需|要)[^,，。;；]{0,4}颜值|颜值(?:高|在线)(?:的|者)?(?=[,，。;；\s]|$)",
            r"[男女](?:性|士|生)?\s*1\.[4-9]\d?\s*(?:[mM]|米)",
            r"年轻(?:漂亮|貌美|靓丽)|貌美|(?:美女|帅哥|靓女|靓仔|俊男)(?:优先|[,，、\s]|$)|招(?:聘)?(?:美女|帅哥|靓女)",
            r"(?:具备|具有|拥有|有)良好的?(?:个人|外在|职业)?形象|不(?:能|得|可|接受|允许)[有接受]{0,2}纹身",
            r"(?:无|没有|不得有)(?:明显)?(?:纹身|疤痕|刺青)|体重\s*(?:要求|不超过|低于|在)?\s*\d{2,3}\s*(?:斤|公斤|kg|KG)",
        ),
        _any(
            r"(?:公司|企业|品牌|产品|店铺|店面|门店|单位|社会|社区|物业)[\u4e00-\u9fff的]{0,3}形象",
            r"(?:高颜值|颜值)(?:产品|办公|团队|环境|同事|小姐姐|经济|管理)",
            r"身高体重(?:秤|仪|测量)|身高不限",
            r"(?:邀|陪|众多|都是|满满)[^,，。;；]{0,6}(?:帅哥|美女)|(?:帅哥\s*美女|美女\s*帅哥)(?!优先)",
        ),
    ),
    PhraseRule(
        "child_labour",
        STOP,
        clauses.MINIMUM_AGE,
        N_("The text takes people under 16."),
        N_("Write 16 or more; 18 or more where the work is restricted for minors."),
        _any(
            r"(?:年龄|年满|满|招|限)\s*(?:要求|在|为)?[:：]?\s*1[0-5]\s*(?:周)?岁(?:以上|及以上|起)?",
            r"(?<!\d)1[2-5]\s*(?:周岁|岁)?\s*[-—–~～至到]\s*[2-6]\d\s*(?:周)?岁",
            r"(?<!\d)1[2-5]\s*(?:周)?岁(?:及)?以上",
        ),
        _any(
            r"\d\s*(?:周)?岁(?:以上|以下|左右|及以上)?(?:的)?(?:儿童|孩子|学生|学员|少儿|青少年|小朋友|宝宝|幼儿|小孩|未成年|婴|学龄|留学|英语|课程|人群|观众)",
            r"不满\s*1\d\s*(?:周)?岁",
        ),
    ),
    PhraseRule(
        "deposit",
        STOP,
        clauses.NO_DEPOSIT,
        N_("The text makes people pay a deposit or a fee, or hand over documents."),
        N_("The employer may not charge for hiring: leave it out and do not take it."),
        _any(
            r"(?:收取?|缴纳?|交纳?|需交|先交|预交|扣除?|扣留|自付|自理|支付|付|押)[^，,。；;]{0,6}(?:押金|保证金|抵押金|风险金|担保金)",
            r"(?:押金|保证金|抵押金|风险金)\s*[:：为是]?\s*\d+\s*元?|押\s*(?:金)?\s*\d{2,5}\s*元",
            r"(?:收取?|缴纳?|交纳?|需交|先交|预交|扣除?|自付|自费|支付|承担|付)[^，,。；;]{0,6}"
            r"(?:服装费|工服费|工装费|培训费|中介费|报名费|建档费|介绍费|资料费|办证费|入职费)",
            r"(?:服装费|工服费|工装费|培训费|中介费|报名费|建档费|资料费|办证费|入职费)(?:用)?\s*[:：]?\s*(?:\d+\s*元?|自理|自付|自费|从工资|由个人|由员工)",
            r"(?:扣押?|押|扣留|抵押|上交|统一保管|代为?保管)(?:员工|本人|个人)?(?:的)?(?:身份证|毕业证|证件|学历证|居住证|驾驶证)(?:原件)?",
        ),
        _any(
            rf"{_NEGATION}[^，,。；;]{{0,10}}(?:押金|保证金|抵押金|风险金|担保金|费用?|身份证|毕业证|证件)",
            rf"{_GIVER}[^，,。；;]{{0,6}}(?:承担|支付|报销|补贴|缴纳|负责|全包|出)[^，,。；;]{{0,8}}费",
            r"(?:客户|租户|租客|业主|商户|供应商|经销商|加盟商|合同|项目|投标|财务|会员|住户|退还|核对|核算|审核|管理|办理|跟进|催收|租金|学员|酒店|前台|家长|学生)"
            r"[^，,。；;]{0,14}(?:押金|保证金|风险金|费)",
            r"(?:报销|补贴|补助|奖励|返还)[^，,。；;]{0,4}(?:培训费|报名费|介绍费|体检费)|介绍费(?:奖励|提成)",
            r"拆借|抵押贷款|证件(?:管理|办理|齐全)",
        ),
    ),
)
