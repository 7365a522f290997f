"""The one error a caller can cause, named as the service models name it."""

from typing import Any


class ServiceError(Exception):
    """A refusal that the door writes on the wire.

    `code` is the modelled exception name (`ResourceNotFoundException`), `message` tells the caller what to do
    about it, `fields` are further members of the modelled error shape.
    """

    def __init__(self, code: str, message: str, **fields: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.fields = fields


def not_found(what: str, identifier: str) -> ServiceError:
    """`ResourceNotFoundException` that names what was looked for."""
    return ServiceError("ResourceNotFoundException", f"{what} {identifier} was not found")


def invalid_parameter(message: str) -> ServiceError:
    """`InvalidParameterException`: a value is well formed but not acceptable."""
    return ServiceError("InvalidParameterException", message)


def invalid_request(message: str) -> ServiceError:
    """`InvalidRequestException`: the request as a whole makes no sense."""
    return ServiceError("InvalidRequestException", message)


def limit_exceeded(message: str) -> ServiceError:
    """`LimitExceededException`: a fixed limit of the product."""
    return ServiceError("LimitExceededException", message)


def access_denied(message: str) -> ServiceError:
    """`AccessDeniedException`: the caller is known but may not do this."""
    return ServiceError("AccessDeniedException", message)
