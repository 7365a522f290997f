"""How written things are read aloud: numbers, money, dates, telephone numbers, in English and Japanese."""

from switchroom.speech.reading import english, japanese


def language_of(tag: str | None) -> str:
    """The language of a BCP 47 tag (`en` of en-US, en_US); English where none is given."""
    return (tag or "en").replace("_", "-").partition("-")[0].lower()


def read_as(kind: str, text: str, form: str, language: str) -> str:
    """The words for `text` under `<say-as interpret-as="kind" format="form">`; the text itself for an unknown kind."""
    readers = japanese.READERS if language == "ja" else english.READERS
    reader = readers.get(kind)
    return reader(text, form) if reader else text


def readable(text: str, language: str) -> str:
    """Ordinary text with what the engines read wrongly written out."""
    return japanese.readable(text) if language == "ja" else english.readable(text)
