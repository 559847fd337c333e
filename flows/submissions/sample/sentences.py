"""Sentences for samples (示例文字): plain and neutral, about nobody. Picked by a word in the task's title."""

from collections.abc import Mapping, Sequence
from random import Random

from flows.plan.terms import StatementKind

_PROGRESS, _PROBLEM, _NEXT = StatementKind.PROGRESS, StatementKind.PROBLEM, StatementKind.NEXT_STEP

_SEASONAL = {
    1: "结合岁末年初务工人员返乡，组织开展就业援助和用工摸底。",
    2: "开展“春风行动”，组织返岗复工和专场招聘。",
    3: "持续开展“春风行动”，转移就业进入高峰。",
    4: "组织春季专场招聘，摸排重点企业用工需求。",
    5: "启动“百日千万招聘”，组织企业进校园、进社区招聘。",
    6: "对照半年目标逐项梳理，集中开展高校毕业生就业服务。",
    7: "开展离校未就业毕业生实名登记和一对一帮扶。",
    8: "组织夏季专场招聘和技能培训集中开班。",
    9: "开展秋季招聘和创业服务进园区活动。",
    10: "组织“金秋招聘月”活动，摸排冬季用工需求。",
    11: "对照年度目标逐项查漏补缺，开展冬季技能培训。",
    12: "梳理全年台账，开展年度数据核对和就业援助。",
}
_COUNTY: Mapping[StatementKind, Sequence[str]] = {
    _PROGRESS: (
        "对重点企业用工需求逐户走访，建立岗位清单并按月更新。",
        "依托家门口就业服务站发布岗位信息，方便群众就近求职。",
        "与对口地区签订劳务协作协议，组织务工人员有组织输出。",
        "推动创业担保贷款线上受理，缩短审核时间。",
        "围绕肉牛、玉米等产业开设订单式培训班，培训与岗位衔接。",
        "将新业态从业人员纳入服务范围，设立零工驿站。",
        "各苏木乡镇、街道建立就业台账，实行按月销号。",
        "组织劳务经纪人培训，提升转移就业组织化程度。",
    ),
    _PROBLEM: (
        "技能岗位与求职人员结构不匹配，制造业普工招聘较难。",
        "部分苏木乡镇统计台账更新不够及时。",
        "创业担保贷款反担保手续较多，部分申请人放弃申请。",
        "冬春季岗位偏少，就近就业的稳定性有待提高。",
        "新业态从业人员流动性大，统计口径把握还不够准。",
        "培训课程与企业需求衔接还不够紧密。",
    ),
    _NEXT: (
        "继续组织专场招聘，重点对接制造业和服务业岗位。",
        "会同有关部门简化贷款手续，加快放款进度。",
        "按月核对各苏木乡镇台账，提高数据质量。",
        "组织订单式培训，推动培训后就业。",
        "对慢于时序的指标逐项分析原因，落实到责任单位。",
        "加强与输入地协作，稳定在外务工规模。",
    ),
}
_BY_TITLE: tuple[tuple[str, Mapping[StatementKind, Sequence[str]]], ...] = (
    ("创业", {
        _PROGRESS: ("会同经办银行开展创业担保贷款集中受理，实行专人跟办。", "组织创业导师进园区、进苏木乡镇开展咨询。",
                    "完善创业项目库，按月展示推介。"),
        _PROBLEM: ("部分申请人经营时间短、信用记录不足，审批通过率不高。", "创业服务力量主要集中在城区，基层覆盖不够。"),
        _NEXT: ("推动贷款业务向苏木乡镇延伸。", "组织创业项目推介和导师结对活动。"),
    }),
    ("培训", {
        _PROGRESS: ("制定年度培训计划，按企业订单组织开班。", "建立培训、考核、就业衔接台账。", "开展技能等级认定机构质量检查。"),
        _PROBLEM: ("部分工种师资不足，实训设备需要更新。", "农忙季节学员集中难度较大。"),
        _NEXT: ("错开农忙组织开班，推行送教下乡。", "加强培训过程监管，提高取证率和就业率。"),
    }),
    ("农", {
        _PROGRESS: ("组织农牧业服务主体与村集体对接，扩大服务面积。", "结合肉牛产业发展，推动合作社、龙头企业吸纳就业。",
                    "按季节做好防疫、植保等社会化服务。"),
        _PROBLEM: ("服务主体规模偏小，标准化程度不高。", "部分地区季节性用工集中，淡季岗位不足。"),
        _NEXT: ("培育示范服务组织，规范服务标准和价格。", "推动农牧业服务与劳务输出结合，稳定务工收入。"),
    }),
    ("人才", {
        _PROGRESS: ("发布引才岗位目录，赴高校开展引才活动。", "落实引进人才待遇，开展岗位对接。"),
        _PROBLEM: ("部分专业岗位报名人数不足。", "高层次人才引进周期较长。"),
        _NEXT: ("优化岗位条件，扩大宣传范围。", "完善人才服务，提升留任率。"),
    }),
    ("毕业生", {
        _PROGRESS: ("开展政策进校园和专场招聘，推送岗位信息。", "落实招用毕业生补贴政策，实行即申即享。"),
        _PROBLEM: ("毕业生求职预期与岗位供给存在差异。", "部分企业对补贴政策了解不够。"),
        _NEXT: ("做好离校未就业毕业生实名帮扶。", "加强政策宣传，推动补贴直达企业。"),
    }),
    ("招聘", {
        _PROGRESS: ("线上线下同步组织招聘活动，岗位信息统一发布。", "开展直播带岗，扩大服务覆盖面。"),
        _PROBLEM: ("部分场次求职者到场率不高。", "达成意向后的入职跟踪还不到位。"),
        _NEXT: ("分行业组织小型专场招聘。", "建立意向跟踪回访机制。"),
    }),
    ("参保", {
        _PROGRESS: ("开展参保扩面宣传，推行线上参保缴费。", "与税务部门比对数据，逐户核实未参保人员。"),
        _PROBLEM: ("灵活就业人员断缴现象仍然存在。", "部分外出务工人员参保信息核实困难。"),
        _NEXT: ("加强部门数据共享，精准推送缴费提醒。", "以新业态从业人员为重点扩大覆盖面。"),
    }),
    ("企业", {
        _PROGRESS: ("建立重点企业用工联系制度，及时解决用工需求。", "推动在建项目加快进度，同步开展用工招聘。"),
        _PROBLEM: ("部分企业订单波动，用工需求不稳定。", "熟练技术工人招聘难度较大。"),
        _NEXT: ("开展项目用工对接，推动岗位早落实。", "加强惠企稳岗政策宣传和兑现。"),
    }),
)  # fmt: skip
_ANY: Mapping[StatementKind, Sequence[str]] = {
    _PROGRESS: (
        "已印发任务分解表，明确责任科室和完成时限，按月调度。",
        "会同配合单位召开推进会，按计划落实各项措施。",
        "开展实地调研和政策宣传，工作按进度推进。",
        "建立工作台账，重点事项逐项推进。",
        "与配合单位建立会商机制，按月通报进展。",
        "梳理政策清单，组织基层经办人员集中学习。",
        "选取部分旗县先行试点，总结做法后推开。",
    ),
    _PROBLEM: (
        "基层工作力量不足，部分措施落实进度不均衡。",
        "部门间数据共享还不够顺畅。",
        "群众对有关政策的知晓度有待提高。",
        "部分旗县台账不够完整，数据核对工作量较大。",
        "资金拨付进度与工作进度衔接不够紧密。",
    ),
    _NEXT: (
        "加强与配合单位会商，推动措施落地。",
        "开展督促指导，对进度慢的地区重点帮助。",
        "继续做好政策宣传，提高服务质量。",
        "完善台账，按月核对数据。",
        "总结试点经验，在全市逐步推广。",
        "对照时间节点倒排工期，逐项落实。",
    ),
}


def county_words(number: int, month: int, seed: int) -> dict[tuple[int, StatementKind], str]:
    """The three statements of the county at this place in the annex: neighbours never say the same."""
    words = {(0, kind): _turn(pool, number, f"{seed}·{month}·{kind}") for kind, pool in _COUNTY.items()}
    return words | {(0, _PROGRESS): _SEASONAL[month] + words[0, _PROGRESS]}


def task_words(task: int, title: str, month: int, seed: int) -> dict[tuple[int, StatementKind], str]:
    """The three statements on one task: what its title suggests, then how the work is organised."""
    pools = next((pools for word, pools in _BY_TITLE if word in title), _ANY)
    words = {(task, kind): _turn(pool, task, f"{seed}·{month}·{kind}") for kind, pool in pools.items()}
    lead = f"围绕{title}，" if pools is _ANY else ""
    then = "" if pools is _ANY else _turn(_ANY[_PROGRESS], task, f"{seed}·{month}")
    return words | {(task, _PROGRESS): lead + words[task, _PROGRESS] + then}


def _turn(pool: Sequence[str], number: int, shuffle: str) -> str:
    """The sentences in turn, in an order of the month's own."""
    return Random(shuffle).sample(pool, len(pool))[number % len(pool)]
