"""Why a file was not taken, in Chinese and English, for whoever finds it in the folder."""

from collections.abc import Sequence

from storage.ingest.unpacking import Outcome

_CHINESE = {
    "not_dicom": "不是 DICOM 影像。",
    "truncated": "文件不完整，请重新复制。",
    "no_identifiers": "缺少检查、序列或图像标识，无法使用。",
    "unreadable_object": "影像内容损坏，无法读取。",
    "unusable_archive": "压缩包损坏，或压缩方式不支持，请重新打包为普通 ZIP。",
    "encrypted_archive": "压缩包有密码，请去掉密码后重新打包。",
    "too_large": "文件过大，或压缩包内容过多。",
}
_OTHER = "无法接收。"
_HEADING = "此文件未能接收，原因如下；改正后请重新放入上级文件夹。\nThis file was not taken, for these reasons. Put it back when it has been corrected.\n"
_MOST = 1000


def explain(faults: Sequence[Outcome]) -> str:
    """A text of one line for each fault in each language."""
    lines = [_HEADING]
    for fault in faults[:_MOST]:
        assert fault.refusal is not None, "a fault has a reason"
        lines += [fault.name, f"  {_CHINESE.get(fault.refusal.code, _OTHER)}", f"  {fault.refusal.message}"]
    if len(faults) > _MOST:
        lines.append(f"... {len(faults) - _MOST}")
    return "\n".join(lines) + "\n"
