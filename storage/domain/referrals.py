"""Words of referrals: a patient who is sent on to a hospital because of what was found."""

from enum import StrEnum


class ReferralState(StrEnum):
    """From the sending to what came of it; whether it is overdue is a moment beside the state."""

    OPEN = "open"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    FED_BACK = "fed_back"
    CANCELLED = "cancelled"


class ReferralAction(StrEnum):
    """What people do with a referral."""

    OPEN = "open"
    ACCEPT = "accept"
    ARRIVE = "arrive"
    FEED_BACK = "feed_back"
    CANCEL = "cancel"


ENDED = frozenset({ReferralState.FED_BACK, ReferralState.CANCELLED})
