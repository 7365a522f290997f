"""Prompts and their audio files (FLOW-60..63)."""

import asyncio
from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.clock import HOUR
from switchroom.base.errors import invalid_parameter
from switchroom.base.ids import new_id
from switchroom.resources.document import Document
from switchroom.resources.kinds.prompt import MAX_BYTES
from switchroom.speech import wav
from switchroom.speech.convert import converted
from switchroom.speech.fetch import NotFetched
from switchroom.speech.settings import speech_settings
from switchroom.speech.sources import NoAudio, Sources
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, modified, repository, target
from switchroom.wire.services.connect.family import Family

_URL_SECONDS = 600
_UPLOADS = "uploads/prompts"

PROMPTS = Family(
    kind="prompt",
    noun="Prompt",
    plural="Prompts",
    permission="Prompts",
    identity="PromptId",
    arn="PromptARN",
    members=(),
    implied=("ContactFlows.View",),
    without=frozenset({"CreatePrompt", "DeletePrompt"}),
).register()


@operation("switchroom", "StartPromptUpload", permission=("Prompts.Create", "Prompts.Edit"))
async def start_prompt_upload(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Where a page writes a WAV file before it makes a prompt of it (FLOW-61, FLOW-62)."""
    instance = instance_of(call, request)
    await _forget_uploads(call, instance)
    key = f"{_UPLOADS}/{instance}/{new_id()}.wav"
    url = await call.services.objects.presign_put(key, _URL_SECONDS, "audio/wav", MAX_BYTES - 1, origin=call.origin)
    return {"UploadUrl": url, "S3Uri": f"s3://{key}"}


@operation("connect", "CreatePrompt", permission="Prompts.Create")
async def create_prompt(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A prompt from a WAV file in the object store."""
    instance, identifier = instance_of(call, request), new_id()
    body = await _sound(call, instance, identifier, request["S3Uri"])
    if request.get("Description"):
        body["Description"] = request["Description"]
    try:
        prompt = await repository(call).create(
            "prompt",
            instance,
            request["Name"],
            body,
            actor=actor(call),
            tags=request.get("Tags"),
            identifier=identifier,
        )
    except BaseException:
        await call.services.objects.delete(body["ObjectKey"])
        raise
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
    if "ObjectKey" in given:
        await _remove_sound(call, known)
    return {"PromptARN": prompt.arn, "PromptId": prompt.id}


@operation("connect", "DeletePrompt", permission="Prompts.Delete")
async def delete_prompt(call: Call, request: dict[str, Any]) -> None:
    """The prompt and its audio."""
    known = target(call, request, "prompt", "PromptId")
    await PROMPTS.delete(call, request)
    await _remove_sound(call, known)


@operation("connect", "GetPromptFile", permission=("Prompts.View", "BasicAgentAccess"))
async def get_prompt_file(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A URL that plays the prompt for ten minutes."""
    prompt = catalogue(call).get(instance_of(call, request), "prompt", parse_id(request["PromptId"]))
    url = await call.services.objects.presign_get(
        prompt.body["ObjectKey"], _URL_SECONDS, origin=call.origin, content_type="audio/wav"
    )
    return {"PromptPresignedUrl": url, **modified(prompt)}


async def _sound(call: Call, instance: str, prompt: str, uri: str) -> dict[str, Any]:
    """The audio that an address names, as calls play it, at a place of the prompt's own."""
    data = await _read(call, instance, uri)
    try:
        normal = await asyncio.to_thread(converted, data)
    except ValueError as error:
        raise invalid_parameter(f"This file cannot be a prompt: {error}") from None
    place = f"prompts/{instance}/{prompt}/{new_id()}.wav"
    await call.services.objects.put(place, normal, "audio/wav")
    if uri.startswith(f"s3://{_UPLOADS}/"):
        await call.services.objects.delete(uri.removeprefix("s3://"))
    return {"ObjectKey": place, "Bytes": len(normal), "Seconds": round(wav.duration_ms(len(normal)) / 1_000, 3)}


async def _read(call: Call, instance: str, uri: str) -> bytes:
    """The bytes of an upload of this instance, or of a bucket flows may play from (docs/prompts-and-speech.md)."""
    sources = Sources(call.services.objects, speech_settings(call.services.settings))
    try:
        if uri.startswith(f"s3://{_UPLOADS}/{instance}/"):
            source = await sources.object(uri.removeprefix("s3://"))
        elif uri.startswith(("s3://", "https://")):
            source = await sources.uri(uri)
        else:
            raise invalid_parameter("S3Uri must have the form s3://bucket/key")
        return await source.read()
    except (NoAudio, NotFetched) as error:
        raise invalid_parameter(f"There is nothing to read at {uri}: {error}") from None


async def _remove_sound(call: Call, prompt: Document) -> None:
    """The file of a prompt that has another now, or is gone; what every instance shares stays."""
    key = prompt.body["ObjectKey"]
    if key.startswith(f"prompts/{prompt.instance}/"):
        await call.services.objects.delete(key)


async def _forget_uploads(call: Call, instance: str) -> None:
    """Remove what was uploaded and never became a prompt."""
    objects = call.services.objects
    async for key, _ in objects.list(f"{_UPLOADS}/{instance}"):
        facts = await objects.facts(key)
        if facts is not None and facts.modified < call.now - HOUR:
            await objects.delete(key)
