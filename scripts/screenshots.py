#!/usr/bin/env python3
"""Write the pictures of docs/pages.md, and the page, from a demonstration county that has just been started.

    countyread demo --password county-demo
    scripts/screenshots.py [--base http://127.0.0.1:8080] [--password county-demo]

It reports and signs two of the county's exams and asks the upper hospital about a third, so that the pages have something
to show. Needs Chromium.
"""

import argparse
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).resolve().parent.parent / "docs"
PICTURES = DOCS / "images" / "pages"
SIZE = (1366, 768)
QUALITY = 80
QUIET_MS = 1200
"""Time for what fades in, after the last answer."""

BEGIN = """# Pages

Each role's main pages, from the demonstration county (`countyread demo`); all people are invented. Made by
`scripts/screenshots.py`.
"""
REPORT = {
    "findings": "两肺纹理清晰，未见实变影。心影不大，两侧膈面光滑，肋膈角锐利。",
    "impression": "胸部未见异常。",
    "positive": False,
}


class Shot(NamedTuple):
    name: str
    user: str
    address: str
    chinese: str
    english: str


SHOTS = (
    Shot("login", "", "login", "登录：用工号和密码，或县里的统一认证。", "Log in with an account of the county."),
    Shot(
        "worklist",
        "radiologist",
        "worklist",
        "工作列表：按时限排序，最急的在最上面。",
        "The worklist: what is due first stands on top.",
    ),
    Shot(
        "read-us",
        "radiologist",
        "read/{us}",
        "读超声：按图像自带的标定测量。",
        "Reading an ultrasound, measured by its own calibration.",
    ),
    Shot(
        "read-ecg",
        "ecg",
        "read/{ecg}",
        "读心电图：走纸、测量值和诊断语句。",
        "Reading an ECG: paper, measured values, statements.",
    ),
    Shot(
        "hanging",
        "radiologist",
        "hanging",
        "挂片规则：什么检查怎样摆，先在检查上试。",
        "Hanging rules: how what is laid out, tried on a study.",
    ),
    Shot(
        "critical",
        "radiologist",
        "critical",
        "危急值：通报、接收和处置的时刻。",
        "Critical values: told, received, treated, and when.",
    ),
    Shot(
        "green",
        "radiologist",
        "green",
        "绿色通道：胸痛、卒中、创伤的时钟。",
        "Green channel: the clocks of chest pain, stroke, trauma.",
    ),
    Shot(
        "referrals",
        "radiologist",
        "referrals",
        "转诊：谁接了，来了没有。",
        "Referrals: who took them, whether they came.",
    ),
    Shot("notices", "radiologist", "notices", "通知：发生了什么，由谁处理。", "Notices: what happened, and for whom."),
    Shot(
        "templates",
        "radiologist",
        "templates",
        "模板和短语：自己的和全中心的。",
        "Templates and phrases, one's own and the centre's.",
    ),
    Shot("quality", "auditor", "quality", "质量：评分、抽查和指标。", "Quality: grades, samples and figures."),
    Shot("reviews", "auditor", "reviews", "同行评议：抽到的报告。", "Peer review: the reports that were drawn."),
    Shot(
        "board",
        "manager",
        "board",
        "实时看板：待办、时限、医师负荷、失联设备。",
        "Live board: open work, limits, readers, silent devices.",
    ),
    Shot("roster", "manager", "roster", "排班：谁在什么时候读什么。", "The roster: who reads what, and when."),
    Shot(
        "rules",
        "manager",
        "rules/service_times",
        "规则：按版本修改，先看影响再生效。",
        "Rules in editions: see the effect, then let it take effect.",
    ),
    Shot(
        "devices",
        "manager",
        "devices",
        "设备：哪些已登记，最近何时传图。",
        "Devices: which are known, and when they last sent.",
    ),
    Shot(
        "patients",
        "manager",
        "patients",
        "患者：可能是同一人的记录，由人合并。",
        "Patients: records that may be one person, merged by people.",
    ),
    Shot(
        "quarantine",
        "manager",
        "quarantine",
        "隔离区：收下但有疑问的，等人决定。",
        "Quarantine: kept, doubtful, to be decided.",
    ),
    Shot("contacts", "manager", "contacts", "联系方式：每家卫生院的电话。", "Contacts: the telephones of each clinic."),
    Shot("deliveries", "manager", "deliveries", "发送：没有送到的通知。", "Deliveries: messages that did not arrive."),
    Shot(
        "emergencies", "manager", "emergencies", "紧急访问：谁、为什么看过。", "Emergency access: who looked, and why."
    ),
    Shot(
        "settlement",
        "manager",
        "settlement",
        "结算：每月每家卫生院的工作量。",
        "Settlement: each clinic's work of a month.",
    ),
    Shot(
        "statistics",
        "manager",
        "statistics",
        "统计：每家机构的数量和用时。",
        "Statistics: numbers and times of each institution.",
    ),
    Shot(
        "indicators",
        "regulator",
        "indicators",
        "监管指标：定义、分子、分母和趋势。",
        "Indicators: definition, numerator, denominator, trend.",
    ),
    Shot("users", "admin", "users", "用户：角色、执业范围和停用。", "Users: roles, what they may read, and their end."),
    Shot("institutions", "admin", "institutions", "机构：名称、代码和状态。", "Institutions: names, codes, states."),
    Shot("keys", "admin", "keys", "接口密钥：给 HIS 用的，可轮换。", "API keys of other systems, with rotation."),
    Shot("audit", "admin", "audit", "审计：谁在什么时候做了什么。", "Audit: who did what, and when."),
    Shot(
        "health", "admin", "health", "运行状况：各部分和自查结果。", "Health: the parts of the system and their checks."
    ),
    Shot(
        "clinic",
        "clinic01",
        "clinic",
        "卫生院：传了什么，到了什么，何时出报告。",
        "Clinic: what was sent, what arrived, when it is due.",
    ),
    Shot(
        "clinic-study",
        "clinic01",
        "clinic/study/{signed}",
        "结果：已签发的报告和影像。",
        "A result: the signed report and its images.",
    ),
    Shot(
        "order",
        "clinic01",
        "order",
        "开单：同一患者以前的检查显示在旁边。",
        "A new order, with the patient's earlier exams beside it.",
    ),
    Shot("upload", "clinic01", "upload", "上传：文件、文件夹和压缩包。", "Upload: files, folders and ZIPs."),
    Shot("results", "clinic01", "results", "结果：还没有取走的报告。", "Results: reports that nobody has fetched."),
    Shot(
        "account",
        "clinic01",
        "account",
        "我的账号：密码、验证器和登录。",
        "My account: password, second factor, logins.",
    ),
    Shot(
        "consult",
        "consultant",
        "consult/{consultation}",
        "会诊：上级医院只看被问到的检查。",
        "Consultation: the upper hospital sees what it is asked.",
    ),
)


class County:
    """The county's API, for what the pages are to show."""

    def __init__(self, base: str, password: str) -> None:
        self._base, self._password = base, password

    def person(self, username: str) -> httpx.Client:
        client = httpx.Client(base_url=self._base, timeout=60)
        answer = client.post("/api/v1/session", json={"username": username, "password": self._password})
        client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['token']}"
        client.cookies.clear()
        return client

    def tasks(self, **filters: str) -> list[dict[str, Any]]:
        answer = self.person("manager").get("/api/v1/tasks", params={"limit": "200", **filters})
        items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
        return items

    def sign(self, task: int) -> None:
        for username, step in (("radiologist", "submit"), ("auditor", "sign")):
            person = self.person(username)
            token = _done(person.post(f"/api/v1/tasks/{task}/claim"))["lease_token"]
            _done(person.post(f"/api/v1/tasks/{task}/{step}", json={"lease_token": token, "report": REPORT}))

    def ask(self, task: int) -> None:
        person = self.person("radiologist")
        token = _done(person.post(f"/api/v1/tasks/{task}/claim"))["lease_token"]
        body = {"lease_token": token, "hospital": "city", "question": "病灶性质？是否需要增强？"}
        _done(person.post(f"/api/v1/tasks/{task}/consult", json=body))

    def known(self) -> dict[str, str]:
        """The identities that the addresses name."""
        if not (signed := self.finished()):
            self.prepare()
            signed = self.finished()
        tasks = self.tasks()
        found = {
            kind.lower(): max((one for one in tasks if one["modality"] == kind), key=lambda one: one["instances"])["id"]
            for kind in ("ECG", "US")
        }
        mine = next(one for one in signed if one["institution"] == "t01")["study_instance_uid"]
        consultation = self.person("consultant").get("/api/v1/consultations").json()["items"][0]["id"]
        return {name: str(value) for name, value in {**found, "signed": mine, "consultation": consultation}.items()}

    def finished(self) -> list[dict[str, Any]]:
        return [one for one in self.tasks(open="false") if one["state"] in {"signed", "delivered"}]

    def prepare(self) -> None:
        single = [one for one in self.tasks() if one["instances"] == 1]
        for task in [one for one in single if one["modality"] == "CT"][:2]:
            self.sign(task["id"])
        self.ask(next(one for one in single if one["modality"] == "MR")["id"])


def _done(answer: httpx.Response) -> dict[str, Any]:
    made: dict[str, Any] = answer.raise_for_status().json()
    return made


def take(browser: Browser, base: str, password: str, known: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Names of files and their pictures."""
    for language in ("zh", "en"):
        for user in dict.fromkeys(shot.user for shot in SHOTS):
            context = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]}, timezone_id="Asia/Shanghai")
            page = context.new_page()
            page.goto(base)
            page.evaluate("name => localStorage.setItem('countyread.language', name)", language)
            page.reload()
            if user:
                log_in(page, user, password, language)
            for shot in SHOTS:
                if shot.user == user:
                    yield f"{shot.name}-{language}.webp", picture(page, shot.address.format(**known))
            context.close()


def log_in(page: Page, user: str, password: str, language: str) -> None:
    page.get_by_test_id("login-username").fill(user)
    page.get_by_test_id("login-password").fill(password)
    page.get_by_test_id("login-submit").click()
    page.locator("app-header").wait_for()
    page.wait_for_timeout(QUIET_MS)
    if not page.evaluate("document.documentElement.lang").startswith(language):
        page.get_by_test_id("lang-switch").click()


def picture(page: Page, address: str) -> bytes:
    page.evaluate("address => { location.hash = address }", f"#/{address}")
    page.get_by_role("heading").first.wait_for(state="attached")
    if address.startswith(("read/", "consult/", "clinic/study")):
        page.wait_for_timeout(4 * QUIET_MS)
    page.wait_for_timeout(2 * QUIET_MS)
    made = io.BytesIO()
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(made, "WEBP", quality=QUALITY, method=6)
    return made.getvalue()


def document() -> str:
    """The page that shows them."""
    parts = [BEGIN]
    for shot in SHOTS:
        images = " | ".join(f"![{shot.name}](images/pages/{shot.name}-{language}.webp)" for language in ("zh", "en"))
        parts.append(f"| {shot.chinese} | {shot.english} |\n|---|---|\n| {images} |\n")
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the pictures of docs/pages.md, and the page.")
    parser.add_argument("--base", default="http://127.0.0.1:8080", help="where the demonstration county is")
    parser.add_argument("--password", default="county-demo", help="of its users")
    wanted = parser.parse_args()
    known = County(wanted.base, wanted.password).known()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, content in take(browser, wanted.base, wanted.password, known):
            (PICTURES / name).write_bytes(content)
        browser.close()
    (DOCS / "pages.md").write_text(document())


if __name__ == "__main__":
    main()
