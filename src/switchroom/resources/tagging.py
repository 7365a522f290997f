"""Tags on configuration objects (BASE-217, USER-55)."""

from switchroom.base.errors import invalid_parameter

MAX_TAGS = 50
MAX_KEY = 128
MAX_VALUE = 256


def checked_tags(tags: dict[str, str]) -> dict[str, str]:
    """The tags as they may be stored: at most 50, keys of 1-128 characters not starting `aws:`, values up to 256."""
    if len(tags) > MAX_TAGS:
        raise invalid_parameter(f"A resource can have at most {MAX_TAGS} tags")
    for key, value in tags.items():
        if not 1 <= len(key) <= MAX_KEY:
            raise invalid_parameter(f"Tag keys have 1 to {MAX_KEY} characters")
        if key.casefold().startswith("aws:"):
            raise invalid_parameter(f"Tag key {key} starts with the reserved prefix aws:")
        if len(value) > MAX_VALUE:
            raise invalid_parameter(f"Tag values have at most {MAX_VALUE} characters")
    return tags
