"""What a browser says of itself: `DeviceInfo` of contact records (REC-38)."""

import re

_BROWSERS = (
    ("Edge", re.compile(r"\bEdg(?:A|iOS)?/([\d.]+)")),
    ("Opera", re.compile(r"\bOPR/([\d.]+)")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/([\d.]+)")),
    ("Chrome", re.compile(r"\b(?:Headless)?(?:Chrome|CriOS)/([\d.]+)")),
    ("Safari", re.compile(r"\bVersion/([\d.]+).*\bSafari/")),
)
"""In this order: many name others besides themselves."""
_SYSTEMS = (
    ("Windows", re.compile(r"Windows NT ([\d.]+)")),
    ("iOS", re.compile(r"(?:iPhone|iPad)[^)]* OS ([\d_]+)")),
    ("Android", re.compile(r"Android ([\d.]+)")),
    ("macOS", re.compile(r"Mac OS X ([\d_.]+)")),
    ("ChromeOS", re.compile(r"CrOS \S+ ([\d.]+)")),
    ("Linux", re.compile(r"Linux()")),
)
LONGEST = 128


def device_info(user_agent: str | None) -> dict[str, str]:
    """`PlatformName`, `PlatformVersion` and `OperatingSystem`, as far as they can be told."""
    text = (user_agent or "")[:1024]
    found: dict[str, str] = {}
    for name, pattern in _BROWSERS:
        if match := pattern.search(text):
            found = {"PlatformName": name, "PlatformVersion": match[1]}
            break
    for name, pattern in _SYSTEMS:
        if match := pattern.search(text):
            found["OperatingSystem"] = f"{name} {match[1].replace('_', '.')}".strip()
            break
    return {member: value[:LONGEST] for member, value in found.items()}
