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
            "招聘工种 需求岗位 职务 jobName job_name position_name positionName job_title "
            "title ACA112"
        ),
        kind=Kind.TITLE,
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
    ),
    FieldSpec(
        "credit_code",
        N_("Credit code"),
        aliases=_words(
            "统一社会信用代码 信用代码 社会信用代码 组织机构代码 营业执照号 credit_code AAB998"
        ),
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
    ),
    FieldSpec(
        "wage_low",
        N_("Wage from"),
        aliases=_words(
            "薪酬low 最低工资 最低薪资 最低月薪 工资下限 薪资下限 月薪起 minSalary salary_min"
        ),
    ),
    FieldSpec(
        "wage_high",
        N_("Wage to"),
        aliases=_words(
            "薪酬high 最高工资 最高薪资 最高月薪 工资上限 薪资上限 maxSalary salary_max"
        ),
    ),
    FieldSpec(
        "wage_months",
        N_("Months paid in a year"),
        aliases=_words("几薪 发薪月数 薪数 年薪月数"),
    ),
    FieldSpec(
        "headcount",
        N_("Number to hire"),
        aliases=_words(
            "招聘人数 人数 需求人数 岗位数 用工人数 招工人数 招聘数量 需求数量 招聘名额 headcount"
        ),
        kind=Kind.HEADCOUNT,
    ),
    FieldSpec(
        "place",
        N_("Workplace"),
        aliases=_words(
            "工作地点 地区 工作城市 城市 公司地点 职位地址 工作地区 上班地点 工作区域 "
            "所属地区 区域 工作地址 location city workplace AAB301"
        ),
        kind=Kind.CITY,
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
    ),
    FieldSpec(
        "address",
        N_("Address"),
        aliases=_words("公司地址 详细地址 单位地址 地址 job_address address AAE006"),
    ),
    FieldSpec(
        "education",
        N_("Lowest education"),
        aliases=_words(
            "学历要求 学历 文化程度 最低学历 学历限制 文化程度要求 edu education degree AAC011"
        ),
        kind=Kind.EDUCATION,
    ),
    FieldSpec(
        "experience",
        N_("Years of experience"),
        aliases=_words(
            "工作经验 经验要求 工作经验要求 工作年限 经验 工作经历 workYear work_year experience"
        ),
        kind=Kind.EXPERIENCE,
    ),
    FieldSpec(
        "experience_education",
        N_("Experience and education in one"),
        aliases=_words("学历经验要求 经验学历 基本要求 学历和经验 经验学历要求"),
    ),
    FieldSpec(
        "age",
        N_("Age"),
        aliases=_words("年龄要求 年龄 年龄限制 年龄段"),
    ),
    FieldSpec(
        "requirements",
        N_("Requirements"),
        aliases=_words("岗位要求 任职要求 职位要求 任职资格 要求 招聘要求 其他要求 requirements"),
    ),
    FieldSpec(
        "description",
        N_("Description"),
        aliases=_words(
            "职位描述 岗位描述 岗位信息 职位信息 岗位职责 工作内容 职责描述 工作职责 "
            "职位详情 deatil detail job_description description 备注"
        ),
    ),
    FieldSpec(
        "benefits",
        N_("Benefits"),
        aliases=_words(
            "福利待遇 公司福利 福利 其他福利 其他方面 职位亮点 job_advantage welfare benefits"
        ),
    ),
    FieldSpec(
        "skills",
        N_("Skills"),
        aliases=_words("技能 技能要求 职位标签 标签 技能标签 关键词 skills"),
    ),
    FieldSpec(
        "certificates",
        N_("Certificates"),
        aliases=_words("证书 证书要求 资格证书 职业资格 上岗证"),
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
        aliases=_words("住宿 是否提供住宿 提供住宿 包住 是否提供食宿 食宿"),
    ),
    FieldSpec(
        "meals",
        N_("Meals provided"),
        aliases=_words("是否提供工作餐 包吃 伙食 餐食 工作餐"),
    ),
    FieldSpec(
        "insurance",
        N_("Social insurance"),
        aliases=_words("社保 社会保险 是否缴纳社会保险 五险 五险一金"),
    ),
    FieldSpec(
        "employment",
        N_("Kind of contract"),
        aliases=_words("用工形式 用工方式 用工性质 是否全职 工作性质"),
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
    ),
    FieldSpec(
        "contact_name",
        N_("Contact person"),
        aliases=_words("联系人 招聘联系人 经办人 AAE004"),
    ),
    FieldSpec(
        "contact_phone",
        N_("Phone"),
        aliases=_words("联系电话 手机 电话 座机 联系方式 AAE005"),
        kind=Kind.PHONE,
    ),
    FieldSpec(
        "starts_on",
        N_("Starts on"),
        aliases=_words("到岗时间 到岗日期 上岗时间 入职时间"),
    ),
    FieldSpec(
        "valid_until",
        N_("Open until"),
        aliases=_words("截止时间 有效期 截止日期 有效期至 招聘截止 有效日期"),
    ),
    FieldSpec(
        "ref",
        N_("Number in the file"),
        aliases=_words("岗位编号 职位编号 编号 登记编号 position_id positionId job_id jobId"),
    ),
    FieldSpec(
        "url",
        N_("Address of the vacancy page"),
        aliases=_words("详情页链接 链接 招聘详细页url jobUrl job_url url 职位链接 网址"),
        kind=Kind.URL,
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
