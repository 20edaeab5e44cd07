"""The word lists that the product ships. A county edits them in its rules; nothing here is a constant of the product."""

from typing import Any


def _list(text: str) -> list[str]:
    """Words parted by spaces; `_` is a space inside one."""
    return [word.replace("_", " ") for word in text.split()]


_ECHO = "声像图 回声 探头 CDFI 声影"
_SIGNAL = "T1WI T2WI FLAIR DWI 高信号 低信号 等信号 信号影"
_DENSITY = "CT值 高密度 低密度 等密度 密度影 HU"
_ECG = "QRS波 ST段 P波 T波 心电图示 PR间期"

SHIPPED: dict[str, Any] = {
    "severity": {
        "empty": "blocks",
        "placeholder": "warns",
        "template_left": "blocks",
        "choice_left": "warns",
        "side_differs": "blocks",
        "side_of_exam": "blocks",
        "sex": "blocks",
        "age": "warns",
        "positive_but_normal": "blocks",
        "negative_but_abnormal": "blocks",
        "negative_but_described": "warns",
        "critical_untold": "warns",
        "unit_missing": "warns",
        "implausible": "warns",
        "modality_words": "warns",
        "typing": "warns",
    },
    "words": {
        "male_only": _list(
            "前列腺 精囊 睾丸 附睾 阴囊 阴茎 精索 隐睾 鞘膜积液 男性乳腺发育 "
            "prostate prostatic testis testes testicular scrotum epididymis penis"
        ),
        "female_only": _list(
            "子宫 宫颈 宫腔 卵巢 输卵管 阴道 胎儿 胎盘 胎心 羊水 孕囊 妊娠 早孕 节育器 附件区 绝经 月经 "
            "uterus uterine ovary ovaries ovarian endometrium endometrial placenta fetus vagina"
        ),
        "child_only": _list(
            "新生儿 婴儿 患儿 小儿 囟门 前囟 先天性髋关节发育不良 骨骺未闭合 新生儿肺透明膜病 neonate newborn infant"
        ),
        "adult_only": _list(
            "老年性 老年脑 绝经 退行性变 退行性改变 骨质增生 动脉硬化 主动脉粥样硬化 老年 前列腺增生 脑白质疏松 "
            "osteoarthritis degenerative postmenopausal"
        ),
        "normal": _list(
            "未见异常 未见明显异常 未见明确异常 未见确切异常 无异常 无明显异常 正常 未见明显病变 未见器质性病变 未见明显外伤性改变 "
            "清晰 如常 对称 完整 通畅 光整 unremarkable normal clear intact"
        ),
        "abnormal": _list(
            "骨折 脱位 肿块 占位 肿瘤 癌 恶性 转移瘤 转移灶 出血 血肿 梗死 梗塞 气胸 肺炎 炎症 结核 积液 积水 积血 积脓 穿孔 梗阻 "
            "夹层 栓塞 血栓 破裂 动脉瘤 结石 脓肿 实变 肺不张 囊肿 息肉 狭窄 水肿 疝 "
            "fracture dislocation mass tumour tumor carcinoma hemorrhage haemorrhage hematoma haematoma infarct infarction "
            "pneumothorax pneumonia effusion perforation obstruction embolism aneurysm dissection abscess"
        ),
        "described": _list(
            "骨折 骨折线 脱位 肿块 占位 血肿 气胸 实变 穿孔 夹层 栓塞 fracture dislocation mass hematoma pneumothorax"
        ),
        "critical": _list(
            "肺栓塞 肺动脉栓塞 主动脉夹层 脑出血 颅内出血 蛛网膜下腔出血 脑疝 消化道穿孔 膈下游离气体 张力性气胸 心包填塞 硬膜外血肿 硬膜下血肿 "
            "大面积脑梗死 脾破裂 肝破裂 肾破裂 脊髓压迫 宫外孕破裂 异位妊娠破裂 胎盘早剥 急性心肌梗死 室颤 心室颤动 室性心动过速 "
            "三度房室传导阻滞 尖端扭转 pulmonary_embolism aortic_dissection tension_pneumothorax cardiac_tamponade"
        ),
        "organs": _list(
            "肺门 肺 肾上腺 肾盂 肾 输尿管 乳腺 乳 卵巢 附件 睾丸 附睾 胸腔 胸膜 胸 肋 锁骨 肩胛 肱骨 尺骨 桡骨 前臂 上臂 腕 手 掌 指 "
            "股骨 胫骨 腓骨 髌骨 膝 踝 跟骨 足 趾 跖 髋 骶髂 髂 坐骨 耻骨 肩 肘 额叶 顶叶 颞叶 枕叶 额 顶 颞 枕 基底节 丘脑 小脑 侧脑室 大脑 "
            "上颌窦 筛窦 蝶窦 额窦 眼 耳 乳突 鼻 颈动脉 颈 下肢 上肢 股静脉 腘静脉 肝 甲状腺 腮腺 颌下腺 腹股沟 膈 扁桃体 颧 下颌 眶 小腿 大腿 "
            "lung kidney renal rib clavicle scapula humerus ulna radius wrist hand femur tibia fibula patella knee ankle foot hip "
            "shoulder elbow frontal parietal temporal occipital cerebellar breast ovary testis adrenal ureter thyroid pleural"
        ),
        "not_a_side": _list(
            "左心 右心 左房 右房 左室 右室 左束支 右束支 左前分支 左后分支 左前斜 右前斜 左主干 左旋支 左回旋支 左前降支 右冠 左冠 左偏 右偏 "
            "左优势 右优势 左向右 右向左 左至右 右至左 右位心 左位心 左手 右旋 左旋 左胸导联 右胸导联 左右径 "
            "left-to-right right-to-left"
        ),
        "foreign": {
            "CT": _list(f"{_ECHO} {_SIGNAL} {_ECG}"),
            "MR": _list(f"{_ECHO} {_ECG} CT值 HU"),
            "CR": _list(f"{_ECHO} {_SIGNAL} {_ECG} CT值 HU"),
            "DX": _list(f"{_ECHO} {_SIGNAL} {_ECG} CT值 HU"),
            "DR": _list(f"{_ECHO} {_SIGNAL} {_ECG} CT值 HU"),
            "MG": _list(f"{_ECHO} {_SIGNAL} {_ECG} CT值 HU"),
            "US": _list(f"{_SIGNAL} {_DENSITY} {_ECG}"),
            "ECG": _list(f"{_ECHO} {_SIGNAL} {_DENSITY} 肺纹理 骨质"),
        },
        "placeholders": _list(
            "无 略 同上 见上 待补 待定 待写 测试 test xxx . .. ... … - -- / tbd n/a 1 11 111 123 aaa 啊"
        ),
    },
    "longest_cm": {
        "胆总管": 4,
        "阑尾": 4,
        "甲状腺结节": 10,
        "肺结节": 5,
        "门静脉": 3,
        "内膜": 6,
        "主动脉": 15,
        "前列腺": 12,
        "胆囊": 20,
        "肾": 25,
        "脾": 35,
        "肝": 40,
        "子宫": 40,
        "脓肿": 60,
        "囊肿": 60,
        "肿块": 60,
        "包块": 60,
        "占位": 60,
        "积液": 60,
        "": 60,
    },
}
"""`longest_cm` under the empty name is the limit for anything measured."""
