"""The columns a vacancy file may have, by the headers real files and forms give them.

Sources: forms of labour offices, job-board exports, MOHRSS item codes (AAB…, ACB…).
"""

from jobfair.kit.i18n import N_
from jobfair.kit.sheets.headers import FieldSpec
from jobfair.kit.values.kinds import Kind


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIELDS = (
    FieldSpec(
        "title",
        N_("Job title"),
        aliases=_words(
            "岗位名称 职位名称 职位 岗位 职位名 岗位名 招聘岗位 招聘职位 工种 岗位/工种 "
            "招聘工种 需求岗位 职务 标题 jobName job_name position_name positionName job_title "
            "title ACA112"
        ),
        kind=Kind.TITLE,
        like=r"^(?!.*(?:类别|分类|性质|要求|描述)).{0,6}(?:岗位|职位|工种|职务)(?:名称?)?$|^(?:job|position|post)(?:title|name)?$",
    ),
    FieldSpec(
        "employer",
        N_("Employer"),
        aliases=_words(
            "单位名称 企业名称 公司名称 公司 公司名 单位全称 用人单位 招聘单位 用工单位 "
            "企业 企业全称 单位 companyName company_name company employer companyFullName "
            "AAB004"
        ),
        kind=Kind.COMPANY,
        like=r"^(?!.*有限).{0,4}(?:企业|公司|单位|厂家|厂商|雇主|门店|商家)(?:名称?|全称|简称)?$|^(?:brand|corp|enterprise|employer|company|org)(?:full|short)?(?:name)?$",
    ),
    FieldSpec(
        "credit_code",
        N_("Credit code"),
        aliases=_words(
            "统一社会信用代码 信用代码 社会信用代码 组织机构代码 营业执照号 credit_code AAB998"
        ),
        like=r"信用代码|营业执照",
    ),
    FieldSpec(
        "wage",
        N_("Wage"),
        aliases=_words(
            "薪资 工资 薪水 薪酬 月薪 工资待遇 薪资待遇 薪资范围 月工资 工资待遇及奖金 "
            "工资标准 待遇 薪酬待遇 综合工资 综合薪资 salary money wage pay "
            "providesalary_text"
        ),
        kind=Kind.WAGE,
        like=r"^(?!.*(?:福利|方式|结算|日期|时间|结构|[最上下][低高限]|min|max)).*(?:薪|工资|待遇|报酬|月收入)|salary|wage|^pay$|remuneration",
    ),
    FieldSpec(
        "wage_low",
        N_("Wage from"),
        aliases=_words(
            "薪酬low 最低工资 最低薪资 最低月薪 工资下限 薪资下限 月薪起 minSalary salary_min"
        ),
        like=r"(?:最低|下限|最少|起薪).*(?:薪|工资)|(?:薪|工资|待遇).*(?:最低|下限|最少|起$)|(?:salary|wage|pay).*(?:min|low|from|start)|(?:min|low).*(?:salary|wage|pay)",
    ),
    FieldSpec(
        "wage_high",
        N_("Wage to"),
        aliases=_words(
            "薪酬high 最高工资 最高薪资 最高月薪 工资上限 薪资上限 maxSalary salary_max"
        ),
        like=r"(?:最高|上限).*(?:薪|工资)|(?:薪|工资|待遇).*(?:最高|上限)|(?:salary|wage|pay).*(?:max|high|to$|end)|(?:max|high).*(?:salary|wage|pay)",
    ),
    FieldSpec(
        "wage_months",
        N_("Months paid in a year"),
        aliases=_words("几薪 发薪月数 薪数 年薪月数"),
        like=r"薪数$|几薪|薪月数|salarymonth",
    ),
    FieldSpec(
        "headcount",
        N_("Number to hire"),
        aliases=_words(
            "招聘人数 人数 需求人数 岗位数 用工人数 招工人数 招聘数量 需求数量 招聘名额 headcount"
        ),
        kind=Kind.HEADCOUNT,
        like=r"^(?!.*(?:公司|企业|员工|规模|报名|浏览)).*(?:人数|名额|需求数|需求量|用工需求|缺工数)|招.{0,4}数量?$|vacanc|openings?$|headcount|recruitnum|hirenum",
    ),
    FieldSpec(
        "place",
        N_("Workplace"),
        aliases=_words(
            "工作地点 地区 工作城市 城市 公司地点 职位地址 工作地区 上班地点 工作区域 "
            "所属地区 区域 工作地址 location city workplace AAB301"
        ),
        kind=Kind.CITY,
        like=r"^(?!.*(?:公司|企业|单位|户籍|注册|面试|报名|邮箱)).*(?:地点|城市|地区|区域|上班地|工作地)|^地点|location|^(?:work)?city|workplace|workarea",
    ),
    FieldSpec(
        "place2",
        N_("Workplace (second)"),
        aliases=_words("城市2 工作城市2 district"),
    ),
    FieldSpec(
        "place3",
        N_("Workplace (third)"),
        aliases=_words("城市3 工作城市3"),
    ),
    FieldSpec(
        "district",
        N_("Workplace (district)"),
        aliases=_words("地区 区县 所在区 区 县区"),
        like=r"区县|^区$|district|businessarea",
    ),
    FieldSpec(
        "address",
        N_("Address"),
        aliases=_words("公司地址 详细地址 单位地址 地址 job_address address AAE006"),
        like=r"地址|address",
    ),
    FieldSpec(
        "education",
        N_("Lowest education"),
        aliases=_words(
            "学历要求 学历 文化程度 最低学历 学历限制 文化程度要求 edu education degree AAC011"
        ),
        kind=Kind.EDUCATION,
        like=r"学历|文化|教育程度|educat|degree",
    ),
    FieldSpec(
        "experience",
        N_("Years of experience"),
        aliases=_words(
            "工作经验 经验要求 工作经验要求 工作年限 经验 工作经历 workYear work_year experience"
        ),
        kind=Kind.EXPERIENCE,
        like=r"^(?!.*学历).*(?:经验|年限|工龄)|experience|workyear",
    ),
    FieldSpec(
        "experience_education",
        N_("Experience and education in one"),
        aliases=_words(
            "学历经验要求 经验学历 基本要求 学历和经验 经验学历要求 attribute_text jobTags"
        ),
    ),
    FieldSpec(
        "age_low", N_("Lowest age"), like=r"年龄(?:下限|最小|起)|(?:最小|最低)年龄|agemin|minage"
    ),
    FieldSpec(
        "age_high", N_("Highest age"), like=r"年龄(?:上限|最大|止)|(?:最大|最高)年龄|agemax|maxage"
    ),
    FieldSpec(
        "age",
        N_("Age"),
        aliases=_words("年龄要求 年龄 年龄限制 年龄段"),
        like=r"年龄|^age",
    ),
    FieldSpec(
        "requirements",
        N_("Requirements"),
        aliases=_words("岗位要求 任职要求 职位要求 任职资格 要求 招聘要求 其他要求 requirements"),
        like=r"要求$|任职|资格条件|招聘条件|requirement|qualification",
    ),
    FieldSpec(
        "description",
        N_("Description"),
        aliases=_words(
            "职位描述 岗位描述 岗位信息 职位信息 岗位职责 工作内容 职责描述 工作职责 "
            "职位详情 deatil detail job_description description 备注"
        ),
        like=r"描述|职责|工作内容|岗位介绍|职位介绍|岗位说明|详情$|^备注|description|^jobdesc|responsibilit",
    ),
    FieldSpec(
        "benefits",
        N_("Benefits"),
        aliases=_words(
            "福利待遇 公司福利 福利 其他福利 其他方面 职位亮点 job_advantage welfare benefits"
        ),
        like=r"福利|亮点|优势|welfare|benefit|advantage|perk",
    ),
    FieldSpec(
        "skills",
        N_("Skills"),
        aliases=_words("技能 技能要求 职位标签 标签 技能标签 关键词 skills"),
        like=r"标签|技能|关键词|skill|^tags?$|keyword|label",
    ),
    FieldSpec(
        "certificates",
        N_("Certificates"),
        aliases=_words("证书 证书要求 资格证书 职业资格 上岗证"),
        like=r"证书|持证|certificat",
    ),
    FieldSpec(
        "shift",
        N_("Shifts"),
        aliases=_words("班次 倒班 班制 上班班次"),
    ),
    FieldSpec(
        "hours",
        N_("Hours"),
        aliases=_words("工作时间 上班时间 工作时长 每天工作小时 日工作小时 工时"),
        like=r"工作时[间长]|上班时间|工时|作息|workinghours|worktime",
    ),
    FieldSpec(
        "days",
        N_("Days a week"),
        aliases=_words("每周工作天数 周工作天数 每周天数"),
    ),
    FieldSpec(
        "night_shift",
        N_("Night work"),
        aliases=_words("夜班 是否夜班 是否上夜班 上夜班"),
    ),
    FieldSpec(
        "lodging",
        N_("Lodging provided"),
        aliases=_words("住宿 是否提供住宿 提供住宿 包住 是否提供食宿 食宿 是否包食宿 包吃住"),
        like=r"住宿|食宿|宿舍|包住|吃住|lodging|accommodation",
    ),
    FieldSpec(
        "meals",
        N_("Meals provided"),
        aliases=_words("是否提供工作餐 包吃 伙食 餐食 工作餐 是否提供食宿 食宿 是否包食宿 包吃住"),
        like=r"工作餐|伙食|包吃|餐食|^meals?",
    ),
    FieldSpec(
        "insurance",
        N_("Social insurance"),
        aliases=_words("社保 社会保险 是否缴纳社会保险 五险 五险一金"),
        like=r"社保|社会保险|五险|参保|insurance",
    ),
    FieldSpec(
        "employment",
        N_("Kind of contract"),
        aliases=_words("用工形式 用工方式 用工性质 是否全职 工作性质"),
        like=r"用工(?:形式|方式|性质|类型)|工作(?:性质|类型)|jobtype|employmenttype",
    ),
    FieldSpec(
        "occupation",
        N_("Occupation"),
        aliases=_words("职位类别 职业 岗位类别 工种类别 职业类别 岗位类型"),
    ),
    FieldSpec(
        "kind",
        N_("Kind of employer"),
        aliases=_words("公司性质 单位性质 企业性质 公司类型 经济类型 companyNature 公司信息"),
        like=r"(?:公司|企业|单位)(?:性质|类型)|ownership|companytype",
    ),
    FieldSpec(
        "contact_name",
        N_("Contact person"),
        aliases=_words("联系人 招聘联系人 经办人 AAE004"),
        like=r"联系人|contactname|contactperson",
    ),
    FieldSpec(
        "contact_phone",
        N_("Phone"),
        aliases=_words("联系电话 手机 电话 座机 联系方式 AAE005"),
        kind=Kind.PHONE,
        like=r"电话|手机|联系方式|phone|mobile|^tel",
    ),
    FieldSpec(
        "starts_on",
        N_("Starts on"),
        aliases=_words("到岗时间 到岗日期 上岗时间 入职时间"),
        like=r"到岗|上岗(?:时间|日期)|入职|开工(?:时间|日期)|startdate",
    ),
    FieldSpec(
        "valid_until",
        N_("Open until"),
        aliases=_words("截止时间 有效期 截止日期 有效期至 招聘截止 有效日期"),
        like=r"截[止至]|有效期|到期|deadline|expir|validuntil",
    ),
    FieldSpec(
        "ref",
        N_("Number in the file"),
        aliases=_words("岗位编号 职位编号 编号 登记编号 position_id positionId job_id jobId"),
        like=r"(?:岗位|职位)(?:编号|编码|id)|^(?:job|position)(?:id|no|number|code)$",
    ),
    FieldSpec(
        "url",
        N_("Address of the vacancy page"),
        aliases=_words("详情页链接 链接 招聘详细页url jobUrl job_url url 职位链接 网址"),
        kind=Kind.URL,
        like=r"^(?!.*(?:公司|企业|company|logo)).*(?:链接|网址|url$|^link|href)",
    ),
    FieldSpec(
        "sex",
        N_("Sex (set aside)"),
        aliases=_words("性别 性别要求 性别限制 sex gender"),
    ),
    FieldSpec(
        "hukou",
        N_("Household registration (set aside)"),
        aliases=_words("户籍 户籍要求 户口 户口要求 户籍限制"),
    ),
    FieldSpec(
        "height",
        N_("Height (set aside)"),
        aliases=_words("身高 身高要求 体重 视力 形象要求 身高体重"),
    ),
    FieldSpec(
        "marital",
        N_("Marriage (set aside)"),
        aliases=_words("婚姻 婚姻状况 婚育 婚育状况 婚姻要求"),
    ),
    FieldSpec(
        "ethnicity",
        N_("Ethnic group (set aside)"),
        aliases=_words("民族 民族要求"),
    ),
)
