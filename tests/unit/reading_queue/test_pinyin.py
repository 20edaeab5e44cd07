import pytest

from reading_queue.pinyin import Sound, sound_of


@pytest.mark.parametrize(
    "name, full, initials",
    [
        ("张三", "zhangsan", "zs"),
        ("曾国强", "zengguoqiang", "zgq"),
        ("单 雄信", "shanxiongxin", "sxx"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("吕布", "lvbu", "lb"),
        ("ZHANG SAN", "zhangsan", "zs"),
        ("Lü Bu", "lvbu", "lb"),
        ("LYU^BU", "lvbu", "lb"),
        ("ZHANG SAN 张三", "zhangsan", "zs"),
        ("", "", ""),
        ("12345", "", ""),
    ],
)
def test_names_sound_alike_in_both_scripts(name: str, full: str, initials: str) -> None:
    assert sound_of(name) == Sound(full, initials)
