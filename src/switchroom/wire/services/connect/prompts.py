"""Prompts and their audio files (FLOW-60..63)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.base.ids import new_id
from switchroom.resources import audio
from switchroom.resources.kinds.prompt import MAX_BYTES, MAX_SECONDS
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, modified, repository, target
from switchroom.wire.services.connect.family import Family

_URL_SECONDS = 600

PROMPTS = Family(
    kind="prompt",
    noun="Prompt",
    plural="Prompts",
    permission="Prompts",
    identity="PromptId",
    arn="PromptARN",
    members=(),
    implied=("ContactFlows.View",),
    without=frozenset({"CreatePrompt"}),
).register()


async def _sound(call: Call, instance: str, prompt: str, uri: str) -> dict[str, Any]:
    """Copy the file that an `s3://` address names to a place of the prompt's own.

    The bucket may be the whole of our own store or the first part of the key in it.
    """
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket or not key:
        raise invalid_parameter("S3Uri must have the form s3://bucket/key")
    data = None
    for candidate in (f"{bucket}/{key}", key):
        try:
            data = await call.services.objects.get(candidate)
            break
        except (ServiceError, ValueError):
            continue
    if data is None:
        raise invalid_parameter(f"There is no object {uri}")
    if len(data) > MAX_BYTES:
        raise invalid_parameter("A prompt must be smaller than 50 MB")
    try:
        seconds = audio.seconds_of(data)
    except ValueError:
        raise invalid_parameter("A prompt must be a WAV file") from None
    if seconds > MAX_SECONDS:
        raise invalid_parameter("A prompt must be shorter than 5 minutes")
    place = f"prompts/{instance}/{prompt}/{new_id()}.wav"
    await call.services.objects.put(place, data, "audio/wav")
    return {"ObjectKey": place, "Bytes": len(data), "Seconds": round(seconds, 3)}


@operation("connect", "CreatePrompt", permission="Prompts.Create")
async def create_prompt(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A prompt from a WAV file in the object store."""
    instance, identifier = instance_of(call, request), new_id()
    body = await _sound(call, instance, identifier, request["S3Uri"])
    if request.get("Description"):
        body["Description"] = request["Description"]
    prompt = await repository(call).create(
        "prompt",
        instance,
        request["Name"],
        body,
        actor=actor(call),
        tags=request.get("Tags"),
        identifier=identifier,
    )
    return {"PromptARN": prompt.arn, "PromptId": prompt.id}


@operation("connect", "UpdatePrompt", permission="Prompts.Edit")
async def update_prompt(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Name, description, and the audio where S3Uri is given."""
    known = target(call, request, "prompt", "PromptId")
    given: dict[str, Any] = {}
    if request.get("S3Uri"):
        given = {**await _sound(call, known.instance, known.id, request["S3Uri"]), "Shipped": False}
    if request.get("Description") is not None:
        given["Description"] = request["Description"]
    prompt = await repository(call).update(
        known.instance,
        "prompt",
        known.id,
        lambda one: {**one.body, **given},
        name=request.get("Name"),
        actor=actor(call),
    )
    return {"PromptARN": prompt.arn, "PromptId": prompt.id}


@operation("connect", "GetPromptFile", permission=("Prompts.View", "BasicAgentAccess"))
async def get_prompt_file(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A URL that plays the prompt for ten minutes."""
    prompt = catalogue(call).get(instance_of(call, request), "prompt", parse_id(request["PromptId"]))
    url = await call.services.objects.presign_get(
        prompt.body["ObjectKey"], _URL_SECONDS, origin=call.origin, content_type="audio/wav"
    )
    return {"PromptPresignedUrl": url, **modified(prompt)}
