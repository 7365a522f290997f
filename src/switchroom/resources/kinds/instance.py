"""An instance and what is associated with it as a whole (BASE-170, BASE-185..204)."""

import re

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.resources import quotas
from switchroom.resources.document import Document
from switchroom.resources.resource import Names, Quota, Reference, Resource, View, declare

CONFLICT = "ResourceConflictException"
EXCEEDED = "ServiceQuotaExceededException"

ATTRIBUTES: dict[str, bool] = {
    "INBOUND_CALLS": True,
    "OUTBOUND_CALLS": True,
    "CONTACTFLOW_LOGS": True,
    "CONTACT_LENS": True,
    "AUTO_RESOLVE_BEST_VOICES": True,
    "USE_CUSTOM_TTS_VOICES": False,
    "EARLY_MEDIA": True,
    "MULTI_PARTY_CONFERENCE": True,
    "AUTO_MUTE_AGENT_ON_HOLD": False,
    "HIGH_VOLUME_OUTBOUND": False,
    "ENHANCED_CONTACT_MONITORING": True,
    "ENHANCED_CHAT_MONITORING": True,
    "MULTI_PARTY_CHAT_CONFERENCE": False,
    "MESSAGE_STREAMING": False,
}
"""The switches of an instance, with their value in a new one (QUAL-121)."""

INSTANCE = declare(Resource(kind="instance", label="Instance", arn="", names=Names.FREE))

_CONFIG = {
    "S3": "S3Config",
    "KINESIS_VIDEO_STREAM": "KinesisVideoStreamConfig",
    "KINESIS_STREAM": "KinesisStreamConfig",
    "KINESIS_FIREHOSE": "KinesisFirehoseConfig",
}


def _check_storage(view: View, document: Document, before: Document | None) -> None:
    needed = _CONFIG[document.body["StorageType"]]
    given = [name for name in _CONFIG.values() if document.body.get(name)]
    if given != [needed]:
        raise invalid_parameter(f"StorageType {document.body['StorageType']} needs {needed} and nothing else")


STORAGE_CONFIG = declare(
    Resource(
        kind="storage-config",
        label="Storage configuration",
        arn="storage-config/{id}",
        names=Names.EXACT,
        duplicate=CONFLICT,
        check=_check_storage,
    )
)
"""Named by its resource type, of which there is one each."""

_ORIGIN = re.compile(r"https?://[^/?#\s@]+|\*")


def _check_origin(view: View, document: Document, before: Document | None) -> None:
    if not _ORIGIN.fullmatch(document.name):
        raise ServiceError("InvalidParameterException", "Origin must have the form https://host or https://host:port")


APPROVED_ORIGIN = declare(
    Resource(
        kind="approved-origin",
        label="Approved origin",
        arn="approved-origin/{id}",
        names=Names.EXACT,
        duplicate=CONFLICT,
        quota=Quota("APPROVED_ORIGINS", EXCEEDED),
        check=_check_origin,
    )
)
LAMBDA_FUNCTION = declare(
    Resource(
        kind="lambda-function",
        label="Lambda function",
        arn="lambda-function/{id}",
        names=Names.EXACT,
        duplicate=CONFLICT,
        quota=Quota("FUNCTIONS", EXCEEDED),
    )
)
LEX_BOT = declare(
    Resource(
        kind="lex-bot",
        label="Lex bot",
        arn="lex-bot/{id}",
        names=Names.EXACT,
        duplicate=CONFLICT,
        quota=Quota("LEX_V1_BOTS", EXCEEDED),
    )
)
LEX_V2_BOT = declare(
    Resource(
        kind="lex-v2-bot",
        label="Lex V2 bot",
        arn="lex-v2-bot/{id}",
        names=Names.EXACT,
        duplicate=CONFLICT,
        quota=Quota("LEX_V2_BOT_ALIASES", EXCEEDED),
    )
)


def _check_key(view: View, document: Document, before: Document | None) -> None:
    key = document.body["Key"].strip()
    try:
        load_pem_public_key(key.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise invalid_parameter("Key must be a public key in PEM form") from None
    for other in view.all(document.instance, "security-key"):
        if other.id != document.id and other.body["Key"].strip() == key:
            raise ServiceError(CONFLICT, "This key is already associated with the instance")


SECURITY_KEY = declare(
    Resource(
        kind="security-key",
        label="Security key",
        arn="security-key/{id}",
        names=Names.FREE,
        duplicate=CONFLICT,
        quota=Quota("SECURITY_KEYS", EXCEEDED),
        check=_check_key,
    )
)


def _check_integration(view: View, document: Document, before: Document | None) -> None:
    if before is not None:
        return
    kind = document.body["IntegrationType"]
    others = [
        other
        for other in view.all(document.instance, "integration-association")
        if other.body["IntegrationType"] == kind and other.id != document.id
    ]
    if any(other.body["IntegrationArn"] == document.body["IntegrationArn"] for other in others):
        raise ServiceError("DuplicateResourceException", f"{document.body['IntegrationArn']} is already associated")
    limit = quotas.INTEGRATIONS.get(kind)
    if limit is not None and len(others) >= limit:
        raise ServiceError(
            "InvalidRequestException", f"An instance can have at most {limit} associations of type {kind}"
        )


INTEGRATION = declare(
    Resource(
        kind="integration-association",
        label="Integration association",
        arn="integration-association/{id}",
        names=Names.FREE,
        check=_check_integration,
        in_use="InvalidRequestException",
    )
)
USE_CASE = declare(
    Resource(
        kind="use-case",
        label="Use case",
        arn="use-case/{id}",
        names=Names.EXACT,
        scope=lambda body: str(body["IntegrationAssociationId"]),
        references=(Reference("IntegrationAssociationId", "integration-association"),),
    )
)
FLOW_ASSOCIATION = declare(
    Resource(
        kind="flow-association",
        label="Flow association",
        arn="flow-association/{id}",
        names=Names.EXACT,
        references=(Reference("FlowId", "contact-flow"),),
    )
)
"""The flow of something other than a phone number; named `RESOURCE_TYPE resource id`."""
