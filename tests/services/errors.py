"""What goes wrong outside the code under test."""


class MissingPartError(Exception):
    """A program that the tests need is not installed; a test that needs it fails with this, it is never skipped."""

    def __init__(self, program: str, package: str) -> None:
        super().__init__(
            f"{program} is not installed (Debian package {package}): run scripts/install-test-parts, or `make test`"
        )


class ServerFailedError(Exception):
    """A server under the tests' control ended or never became ready."""
