"""What messages that leave the house say. They say what to do and hold no patient data; the rest is in the application.

A notice's kind names its sentence. The web application has its own, in `viewer_api/web/src/i18n/notices-*.ts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NAMED_PARAMS = ("modality", "priority")
"""All that a sentence may take from a notice's parameters: no free text leaves the house."""


@dataclass(frozen=True)
class Sentence:
    """In both languages; `{modality}` and `{priority}` are filled in."""

    zh: str
    en: str

    def said(self, language: str, params: Mapping[str, Any]) -> str:
        """In `language`, "en" or else Chinese, with what is known of the parameters."""
        text = self.en if language == "en" else self.zh
        for name in NAMED_PARAMS:
            text = text.replace(f"{{{name}}}", str(params.get(name) or ""))
        return " ".join(text.split())


GENERAL = Sentence("有一条新通知，请登录系统查看。", "There is a new notice: please look at it in the application.")

WORDING: Mapping[str, Sentence] = {
    "access.emergency": Sentence(
        "有人因紧急情况调阅了一例{modality}检查，请尽快登录审核。",
        "Somebody opened a {modality} study in an emergency: please review it.",
    ),
    "task.half": Sentence(
        "您手上的{modality}病例（{priority}）已用去一半时限，请尽快完成。",
        "Half the time of the {modality} case ({priority}) in your hands has gone: please finish it soon.",
    ),
    "task.widened": Sentence(
        "一例{modality}（{priority}）即将超时，已向全部有资质的医师开放，请安排。",
        "A {modality} case ({priority}) is running late and is open to every qualified reader: please arrange for it.",
    ),
    "task.breached": Sentence(
        "一例{modality}（{priority}）已超时，请立即处理。",
        "A {modality} case ({priority}) has passed its limit: please see to it at once.",
    ),
    "task.overdue": Sentence(
        "一例{modality}（{priority}）严重超时，请医务部门介入，必要时请上级医院支援。",
        "A {modality} case ({priority}) is far past its limit: please step in, and ask the upper hospital if need be.",
    ),
    "task.regulatory_soon": Sentence(
        "一例急诊{modality}即将超过两小时报告时限，请立即处理。",
        "An emergency {modality} is about to pass the two-hour limit for its report: please see to it at once.",
    ),
    "task.regulatory_missed": Sentence(
        "一例急诊{modality}已超过两小时报告时限，请立即处理。",
        "An emergency {modality} has passed the two-hour limit for its report: please see to it at once.",
    ),
    "task.unclaimed": Sentence(
        "一例急诊{modality}（{priority}）无人认领，请立即登录认领。",
        "An emergency {modality} ({priority}) is waiting and nobody has taken it: please log in and claim it now.",
    ),
    "task.unmanned": Sentence(
        "一例{modality}（{priority}）当前无人值班，已向全部医师开放，请登录认领。",
        "Nobody is on duty for a {modality} case ({priority}); it is open to every reader: please log in and claim it.",
    ),
    "case.held": Sentence(
        "一例{modality}检查的患者或申请信息不符，阅片暂停，请登录核对。",
        "A {modality} study does not match its patient or order and is held: please log in and check.",
    ),
    "case.mismatch": Sentence(
        "一例急诊{modality}检查的信息不符，阅片继续，请登录核对。",
        "An emergency {modality} study does not match its order; it is being read all the same: please log in and check.",
    ),
    "case.consulted": Sentence(
        "贵院一例检查已请上级医院会诊，报告将稍晚发出。",
        "An upper hospital has been asked about one of your studies; the report will come a little later.",
    ),
    "consultation.asked": Sentence(
        "县中心请求会诊一例{modality}（{priority}），请登录处理。",
        "The county centre asks for your opinion on a {modality} case ({priority}): please log in.",
    ),
    "consultation.reminder": Sentence(
        "一例{modality}（{priority}）会诊请求仍在等待，请尽快登录处理。",
        "A {modality} case ({priority}) is still waiting for your opinion: please log in soon.",
    ),
    "consultation.accepted": Sentence("上级医院已接受会诊。", "The upper hospital has accepted the consultation."),
    "consultation.answered": Sentence(
        "上级医院已给出会诊意见，请登录继续。", "The upper hospital has given its opinion: please log in and go on."
    ),
    "consultation.declined": Sentence(
        "上级医院未接受会诊，请登录继续。", "The upper hospital has declined the consultation: please log in and go on."
    ),
    "consultation.recalled": Sentence(
        "会诊请求已撤回，请登录继续。", "The request for a consultation was taken back: please log in and go on."
    ),
    "consultation.expired": Sentence(
        "会诊请求已过期，请登录继续。", "The request for a consultation has run out: please log in and go on."
    ),
    "critical.suspected": Sentence(
        "有一例疑似危急值（{modality}），请立即登录确认。",
        "A critical finding is suspected ({modality}): please log in and confirm or reject it now.",
    ),
    "critical.told": Sentence(
        "有一例危急值，请立即登录确认接收并复述。",
        "There is a critical value: please log in now, acknowledge it and read it back.",
    ),
    "critical.acknowledged": Sentence("临床已确认接收危急值。", "The clinic has acknowledged the critical value."),
    "critical.treated": Sentence(
        "临床已反馈危急值处理情况。", "The clinic has reported what was done about the critical value."
    ),
    "critical.suspected_late": Sentence(
        "一例{modality}疑似危急值（{priority}）至今无医师判定，请立即登录确认或排除。",
        "A suspected critical value ({modality}, {priority}) has not been judged in time: please log in and decide now.",
    ),
    "critical.confirmed_late": Sentence(
        "一例{modality}危急值（{priority}）已确认，但尚未通知临床，请立即电话通知。",
        "A confirmed critical value ({modality}, {priority}) has not been told to the clinic: please telephone now.",
    ),
    "critical.notified_late": Sentence(
        "一例{modality}危急值（{priority}）已通知，但临床尚未确认接收，请立即电话核实。",
        "The clinic has not acknowledged a critical value ({modality}, {priority}): please telephone now.",
    ),
    "critical.acked_late": Sentence(
        "一例{modality}危急值（{priority}）尚未反馈处理情况，请尽快登录反馈。",
        "What was done about a critical value ({modality}, {priority}) has not been reported: please log in and say.",
    ),
    "critical.treated_late": Sentence(
        "一例{modality}危急值超过24小时未关闭，请登录核对并关闭。",
        "A critical value ({modality}) has been open for more than a day: please log in, check and close it.",
    ),
    "critical.false_alarm": Sentence(
        "一例疑似危急值已排除，请登录查看原因。",
        "A suspected critical value was a false alarm: please log in for the reason.",
    ),
    "result.unfetched": Sentence(
        "一份{modality}报告（{priority}）发出已久仍未签收，请登录查看并签收。",
        "A {modality} report ({priority}) has had no receipt for long: please log in, look and acknowledge it.",
    ),
    "result.unfetched_long": Sentence(
        "一份{modality}报告（{priority}）卫生院久未签收，请联系卫生院。",
        "A clinic has not acknowledged a {modality} report ({priority}) for long: please call the clinic.",
    ),
    "report.preliminary_void": Sentence(
        "一份{modality}初步报告（{priority}）已撤回作废，请勿再依据它诊疗，登录查看原因。",
        "A preliminary {modality} report ({priority}) has been withdrawn: do not act on it any more; log in for the reason.",
    ),
    "roster.gap_urgent": Sentence(
        "排班有空缺：{modality}急诊有时段无人值班，请登录排班页补齐。",
        "The roster has a gap: nobody covers {modality} emergencies for some hours; please fill it on the roster page.",
    ),
    "roster.gap": Sentence(
        "排班有空缺：{modality}工作时间有时段无人值班，请登录排班页补齐。",
        "The roster has a gap: nobody covers {modality} for some working hours; please fill it on the roster page.",
    ),
    "roster.licence": Sentence(
        "一项{modality}阅片资质即将到期，请登录排班页更新。",
        "A licence for {modality} is about to end: please bring it up to date on the roster page.",
    ),
    "referral.opened": Sentence(
        "有一名患者被转诊，请登录查看并接收。", "A patient has been sent on: please log in, look and accept."
    ),
    "referral.unanswered": Sentence(
        "有一例转诊仍无人接收，请立即登录处理。", "Nobody has accepted a patient who was sent on: please log in now."
    ),
    "referral.overdue": Sentence(
        "有一例转诊已逾期，卫生院尚未得到反馈，请登录反馈。",
        "A clinic still waits to hear of a patient whom it sent on: please log in and tell what came of it.",
    ),
    "referral.overdue_there": Sentence(
        "贵院一例转诊已逾期未反馈，请登录查看并联系县医院。",
        "Nothing has been heard of a patient whom you sent on: please log in and call the county hospital.",
    ),
    "referral.accepted": Sentence(
        "贵院一例转诊已被接收，请登录查看。", "A patient whom you sent on has been accepted: please log in."
    ),
    "referral.arrived": Sentence("贵院一例转诊患者已到达。", "A patient whom you sent on has arrived."),
    "referral.fed_back": Sentence(
        "贵院一例转诊已有反馈，请登录查看。", "There is word of a patient whom you sent on: please log in and read it."
    ),
    "referral.cancelled": Sentence(
        "一例转诊已撤回，请登录查看原因。", "A referral has been taken back: please log in for the reason."
    ),
    "hook.stopped": Sentence(
        "一个报告推送接口已停止，请登录查看原因，检查对方系统后恢复。",
        "Results are sent to one of the connected systems no more: please log in, check that system and resume.",
    ),
    "quality.discrepancy": Sentence(
        "同行评议对您的一份{modality}报告有不同意见，请登录查看。",
        "A peer review sees one of your {modality} reports differently: please look at it in the application.",
    ),
    "quality.amend": Sentence(
        "同行评议建议复核一份{modality}报告，必要时更正。",
        "A peer review suggests that a {modality} report be looked at again, and amended if need be.",
    ),
    "retake.ordered": Sentence(
        "一例{modality}检查需要重拍，请登录查看原因并安排。",
        "A {modality} study must be taken again: please log in for the reason and arrange it.",
    ),
    "retake.unseen": Sentence(
        "重拍通知仍未查看，请立即登录。", "A request to take images again has not been looked at: please log in now."
    ),
    "retake.unseen_by_clinic": Sentence(
        "有卫生院仍未查看重拍通知，请电话联系。",
        "A clinic has not looked at a request to take images again: please telephone it.",
    ),
    "retake.expired": Sentence(
        "重拍已过期，该检查按无法诊断结束。", "A retake has run out; the study is closed as unreadable."
    ),
    "study.note": Sentence(
        "有一条检查留言，请登录查看并回复。", "There is a note on a study: please log in, read it and answer."
    ),
    "notice.given_up": Sentence(
        "有通知未能送达，请登录查看并重新发送。", "Notices could not be delivered: please log in and send them again."
    ),
}
"""By kind. A kind that is not here is told with `GENERAL`, and fails every test that meets it."""


def sentence(kind: str, language: str, params: Mapping[str, Any]) -> str:
    """What a message of this kind says."""
    return WORDING.get(kind, GENERAL).said(language, params)
