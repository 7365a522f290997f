"""Errors on the wire: the modelled exception, its status and its body."""

from typing import Any

import msgspec

from switchroom.wire.service_model import ServiceModel

STATUS: dict[str, int] = {
    "AccessDeniedException": 403,
    "ConflictException": 409,
    "DuplicateResourceException": 409,
    "ExpiredTokenException": 403,
    "IdempotencyException": 409,
    "IncompleteSignatureException": 403,
    "InternalServerException": 500,
    "InternalServiceException": 500,
    "InvalidSignatureException": 403,
    "LimitExceededException": 429,
    "MissingAuthenticationTokenException": 403,
    "NotImplementedException": 501,
    "RequestEntityTooLargeException": 413,
    "RequestExpired": 403,
    "RequestHeaderFieldsTooLargeException": 431,
    "RequestTimeoutException": 408,
    "ResourceConflictException": 409,
    "ResourceInUseException": 409,
    "ResourceNotFoundException": 404,
    "ServiceQuotaExceededException": 402,
    "SignInFailedException": 403,
    "ThrottlingException": 429,
    "TooManyRequestsException": 429,
    "UnauthorizedException": 401,
    "UnknownOperationException": 404,
    "UnrecognizedClientException": 403,
}
"""Status of errors that every service has, or that a service may lack in its model; all others are 400."""

_INSTEAD: dict[str, tuple[str, ...]] = {
    "InvalidParameterException": ("ValidationException", "InvalidRequestException"),
    "InvalidRequestException": ("ValidationException", "InvalidParameterException"),
    "ValidationException": ("InvalidParameterException", "InvalidRequestException"),
    "DuplicateResourceException": ("ConflictException", "ResourceConflictException"),
    "ResourceConflictException": ("ConflictException",),
    "ResourceInUseException": ("ConflictException", "ResourceConflictException"),
    "ConflictException": ("ResourceConflictException",),
    "LimitExceededException": ("ServiceQuotaExceededException",),
    "ServiceQuotaExceededException": ("LimitExceededException",),
    "InternalServiceException": ("InternalServerException",),
    "InternalServerException": ("InternalServiceException",),
    "TooManyRequestsException": ("ThrottlingException",),
    "ContactNotFoundException": ("ResourceNotFoundException",),
}


def render(
    model: ServiceModel | None, code: str, message: str, fields: dict[str, Any] | None = None
) -> tuple[int, str, bytes]:
    """(status, error name, body). A code the service does not model becomes its equivalent there."""
    message_name = "message"
    status = STATUS.get(code, 400)
    if model is not None:
        exceptions = model.exceptions
        if code not in exceptions:
            code = next((other for other in _INSTEAD.get(code, ()) if other in exceptions), code)
            status = STATUS.get(code, 400)
        if code in exceptions:
            status, modelled_name = exceptions[code]
            message_name = modelled_name or message_name
    body = {"__type": code, message_name: message}
    if fields:
        body.update({name: value for name, value in fields.items() if value is not None})
    return status, code, msgspec.json.encode(body)
