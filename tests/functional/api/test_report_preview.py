"""The paper of a report before anybody has signed it."""

from io import BytesIO

from pypdf import PdfReader

from tests.functional.api.test_readings import REPORT
from tests.functional.api.township import Township


def _words(pdf: bytes) -> str:
    """Without blanks: lines are broken where they end on paper."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def test_the_draft_on_paper_is_the_report_that_will_be_signed(township: Township) -> None:
    task = township.county.task()
    reader, auditor = township.client("radiologist"), township.client("auditor")
    path = f"/api/v1/tasks/{task.id}"
    lease = reader.post("/api/v1/tasks/next").json()["lease_token"]
    assert reader.get(f"{path}/draft/pdf").status_code == 404
    reader.put(f"{path}/draft", json={"lease_token": lease, "report": REPORT})
    draft = reader.get(f"{path}/draft/pdf")
    assert draft.headers["content-type"] == "application/pdf"
    assert "object-src" not in draft.headers["content-security-policy"]
    reader.post(f"{path}/submit", json={"lease_token": lease, "report": REPORT})
    lease = auditor.post("/api/v1/tasks/next").json()["lease_token"]
    audited = _words(auditor.get(f"{path}/draft/pdf").content)
    signed = auditor.post(f"{path}/sign", json={"lease_token": lease}).json()
    paper = _words(auditor.get(f"/api/v1/reports/{signed['report_id']}/pdf").content)
    assert str(REPORT["findings"]) in paper
    assert "草稿" in _words(draft.content)
    assert "草稿" not in paper
    numbered = audited.replace("草稿", "").replace("报告编号0", f"报告编号{signed['report_id']}")
    assert numbered.partition("报告医师")[0] == paper.partition("报告医师")[0]


def test_a_clinic_sees_no_draft_on_paper(township: Township) -> None:
    task = township.county.task()
    assert township.client("clinic01").get(f"/api/v1/tasks/{task.id}/draft/pdf").status_code == 403
