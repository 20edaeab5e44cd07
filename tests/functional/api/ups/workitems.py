"""A UPS-RS client for the tests."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.functional.api.township import Township

Item = dict[str, Any]
STATE, TRANSACTION = "00741000", "00081195"


def value(vr: str, *found: object) -> Item:
    return {"vr": vr, "Value": list(found)}


def first(item: Item, *path: str) -> Any:
    """The first value at a path of tags."""
    for tag in path:
        item = item[tag]["Value"][0]
    return item


@dataclass
class Client:
    """One user's view of the workitems."""

    township: Township
    user: str

    @property
    def http(self) -> httpx.Client:
        return self.township.client(self.user)

    def search(self, query: str = "") -> list[Item]:
        answer = self.http.get(f"/dicomweb/workitems?{query}")
        assert answer.status_code in (200, 204), answer.text
        return answer.json() if answer.content else []

    def get(self, uid: str) -> Item:
        answer = self.http.get(f"/dicomweb/workitems/{uid}")
        assert answer.status_code == 200, answer.text
        return answer.json()[0]

    def send(self, method: str, path: str, dataset: Item | None = None) -> httpx.Response:
        headers = {"Content-Type": "application/dicom+json"} if dataset is not None else {}
        return self.http.request(method, f"/dicomweb/workitems{path}", json=dataset, headers=headers)

    def state(self, uid: str, state: str, transaction: str = "", **more: Item) -> httpx.Response:
        dataset = {STATE: value("CS", state), **more}
        if transaction:
            dataset[TRANSACTION] = value("UI", transaction)
        return self.send("PUT", f"/{uid}/state", dataset)

    def write(
        self, uid: str, transaction: str, findings: str = "未见异常。", impression: str = "正常。"
    ) -> httpx.Response:
        """The report, as content items of the performed procedure."""
        told = [content_item("121070", "Findings", findings), content_item("121073", "Impression", impression)]
        dataset = {"00741216": value("SQ", {"00741212": value("SQ", *told)})}
        return self.send("POST", f"/{uid}?Transaction-UID={transaction}", dataset)


def content_item(code: str, meaning: str, text: str) -> Item:
    """Text of a report under a code of DCM."""
    name = {"00080100": value("SH", code), "00080102": value("SH", "DCM"), "00080104": value("LO", meaning)}
    return {"0040A040": value("CS", "TEXT"), "0040A043": value("SQ", name), "0040A160": value("UT", text)}
