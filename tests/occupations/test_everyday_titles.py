"""Titles as they stand on the sheets of a fair; each was given its occupation by hand."""

import pytest

from jobfair.demo.draw import load_table
from jobfair.occupations import classification
from jobfair.regions import codes

OCCUPATIONS = classification.occupations()

GRADED = {
    "生产制造及有关人员": "电子厂普工 玩具厂普工 急招操作工 流水线操作工5000元 生产普工（包吃住） "
    "学徒工 五金厂作业员 组装工 车间小工 生产组长 诚聘线长 车间主任 产线工人",
    "电子设备装接工": "电子装配工 插件工 焊锡工 电子组装工",
    "印制电路制作工": "SMT操作员 smt贴片操作员 线路板操作工",
    "塑料制品成型制作工": "注塑工 注塑机操作工 高薪诚聘注塑技工 啤机工 吹塑工",
    "模具工": "模具工 模具钳工 模具师傅",
    "冲压工": "冲压工 冲床工 五金冲床操作工 折弯工 钣金工",
    "车工": "车工 数控车工 数控车床操作工",
    "多工序数控机床操作调整工": "CNC操作员 cnc CNC技工 加工中心操作工 数控操作工",
    "磨工": "磨工 打磨工 抛光工（计件）",
    "焊工": "焊工 电焊工 氩弧焊工 二保焊工8000 急聘焊工",
    "装配钳工": "钳工 装配钳工",
    "机修钳工": "机修工 机修技工",
    "涂装工": "喷涂工 喷油工 喷漆工 烤漆工",
    "镀层工": "电镀工",
    "缝纫工": "缝纫工 平车工 车位工 服装厂平车工 针车工 制衣车位",
    "裁剪工": "裁剪工 裁床工",
    "缝纫品整型工": "整烫工 大烫工",
    "制鞋工": "制鞋工",
    "皮革及皮革制品加工工": "手袋车位工 箱包车位工",
    "印刷操作员": "印刷工 丝印工 印刷机长",
    "纸箱纸盒制作工": "纸箱制作工 纸箱工",
    "包装工": "包装工 打包员 食品包装工",
    "质检员": "质检员 QC 品检 品质检验员 IQC 质检员（五险一金） 外观检验员",
    "仓储管理员": "仓管员 仓库管理员 仓管 库管",
    "理货员": "理货员 拣货员 仓库拣货员",
    "装卸搬运工": "搬运工 装卸工 仓库搬运工 卸货工",
    "起重装卸机械操作工": "叉车工 叉车司机 急招叉车司机 行车工",
    "快件处理员": "快件分拣员 分拣员 快递分拣员",
    "快递员": "快递员 顺丰快递员",
    "网约配送员": "外卖员 外卖骑手 美团骑手 送餐员",
    "道路货运汽车驾驶员": "司机 货车司机 A2司机 B2司机 送货司机",
    "客运车辆驾驶员": "大巴司机 公交司机",
    "保安员": "保安 保安队员 门卫 物业保安 保安班长 小区保安员",
    "保洁员": "保洁 保洁员 保洁阿姨 清洁工 酒店保洁员",
    "园林绿化工": "绿化工 绿化养护工",
    "家政服务员": "保姆 家政服务员 住家阿姨 钟点工 育儿嫂",
    "养老护理员": "养老护理员 护工 养老院护工",
    "餐厅服务员": "服务员 传菜员 饭店服务员 火锅店服务员 迎宾",
    "中式烹调师": "厨师 帮厨 切配工 厨房帮工 配菜员 食堂厨师 厨工",
    "西式面点师": "面包师 蛋糕师",
    "客房服务员": "客房服务员 酒店客房服务员",
    "前厅服务员": "酒店前台",
    "收银员": "收银员 超市收银员",
    "商品营业员": "营业员 导购员 服装导购 店员 促销员",
    "营销员": "业务员 销售代表 电话销售 销售员",
    "呼叫中心服务员": "客服 客服专员 在线客服 话务员",
    "秘书": "文员 办公室文员",
    "会计专业人员": "会计 出纳",
    "电工": "电工 维修电工 水电工 厂区电工",
    "锅炉操作工": "锅炉工",
    "制冷空调系统安装维修工": "空调安装工 空调维修工",
    "钢筋工": "钢筋工",
    "架子工": "架子工",
    "砌筑工": "瓦工 泥瓦工 工地小工",
    "装饰装修工": "装修木工 油漆工 贴砖工",
    "汽车维修工": "汽修工 汽车修理工 汽修学徒",
    "美发师": "美发师 发型师",
    "家畜饲养员": "养殖工 饲养员",
}
CASES = [(title, name) for name, titles in GRADED.items() for title in titles.split()]


@pytest.mark.parametrize(("title", "name"), CASES)
def test_an_everyday_title_means_its_occupation(title: str, name: str) -> None:
    best = OCCUPATIONS.resolve(title, top=1)[0]
    assert best.name == name
    assert OCCUPATIONS.code_of(title) == best.code


def test_there_are_a_hundred_and_fifty_of_them_and_the_demonstration_agrees() -> None:
    assert len(CASES) >= 150
    for trade in load_table("trades"):
        assert OCCUPATIONS.code_of(trade["title"]) == trade["occupation_code"]


def test_every_everyday_title_leads_to_a_known_occupation() -> None:
    for code in codes.everyday_titles().values():
        assert codes.occupation_name(code)
