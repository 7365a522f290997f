"""Amazon Resource Names of this installation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """Where an installation stands: the region label and the 12-digit account of every ARN it makes."""

    region: str = "us-east-1"
    account: str = "123456789012"

    def instance(self, instance: str) -> str:
        """`arn:aws:connect:REGION:ACCOUNT:instance/INSTANCE`"""
        return f"arn:aws:connect:{self.region}:{self.account}:instance/{instance}"

    def resource(self, instance: str, kind: str, identifier: str) -> str:
        """The ARN of something an instance owns, e.g. `.../instance/I/queue/Q`."""
        return f"{self.instance(instance)}/{kind}/{identifier}"


def parse_id(arn_or_id: str) -> str:
    """The identifier at the end of an ARN; an identifier stays as it is."""
    return arn_or_id.rsplit("/", 1)[-1]
