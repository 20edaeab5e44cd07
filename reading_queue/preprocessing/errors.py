"""The two refusals of this package, apart from the modules that raise them so that none of these needs another."""


class UndecodableImage(ValueError):
    """The object has no picture that could be shown truthfully; `reason` is one phrase without patient data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnreadableWaveform(ValueError):
    """The object has no ECG that could be shown truthfully; `reason` is one phrase without patient data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
