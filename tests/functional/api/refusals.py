"""What a refusal calls itself, in whichever form it leaves."""

import httpx


def code_of(answer: httpx.Response) -> str:
    """The stable code: of a problem document, or of the OperationOutcome that it became below `/fhir`."""
    body = answer.json()
    if "issue" in body:
        return body["issue"][0]["details"]["coding"][0]["code"]
    return body["code"]
