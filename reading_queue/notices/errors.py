"""Why a message did not go out. The text is a code and never an address: it is kept and shown."""


class DeliveryFailed(Exception):
    """Another attempt may help."""


class DeliveryRefused(DeliveryFailed):
    """The other side will never take it."""
