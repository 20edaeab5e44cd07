"""Who may call what of UPS-RS: read by the permission table."""

from collections.abc import Mapping

from reading_queue.transitions import roles_for
from storage.domain.reading import Action, Role

_ITEM = "/dicomweb/workitems/{workitem}"


def ups_doors(patient_level: frozenset[Role]) -> Mapping[str, frozenset[Role]]:
    """Steps are open to whoever the transition table lets take them; whether with this task, the reading queue decides."""
    performers = roles_for(Action.CLAIM)
    subscribers = (
        f"POST {_ITEM}/subscribers/{{ae_title}}",
        f"POST {_ITEM}/subscribers/{{ae_title}}/suspend",
        f"DELETE {_ITEM}/subscribers/{{ae_title}}",
        "GET /dicomweb/ws/subscribers/{ae_title}",
    )
    return {
        "GET /dicomweb/workitems": patient_level,
        "POST /dicomweb/workitems": patient_level,
        f"GET {_ITEM}": patient_level,
        f"POST {_ITEM}": performers | roles_for(Action.PRIORITISE),
        f"PUT {_ITEM}/state": performers,
        f"POST {_ITEM}/cancelrequest": patient_level,
        **dict.fromkeys(subscribers, patient_level),
    }
