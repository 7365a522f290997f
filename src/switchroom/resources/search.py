"""The criteria and filters of the API's Search operations, compiled into predicates over documents.

`SearchCriteria` is a tree: `OrConditions` and `AndConditions` hold further criteria, everything else is a leaf. Several
members side by side must all hold. Texts are compared without regard to case.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from switchroom.base.errors import invalid_parameter
from switchroom.resources.document import Document

Predicate = Callable[[Document], bool]
Field = Callable[[Document], Iterable[str]]
Leaf = Callable[[Any], Predicate]

_COMPARE: dict[str, Callable[[str, str], bool]] = {
    "STARTS_WITH": str.startswith,
    "CONTAINS": str.__contains__,
    "EXACT": str.__eq__,
}


def matches(text: str, wanted: str, comparison: str) -> bool:
    """Compare without regard to case: STARTS_WITH, CONTAINS or EXACT."""
    return _COMPARE[comparison](text.casefold(), wanted.casefold())


def criteria(node: Mapping[str, Any], fields: Mapping[str, Field], leaves: Mapping[str, Leaf]) -> Predicate:
    """The predicate of a `SearchCriteria`. `fields` are those of its StringConditions, by name in small letters;
    `leaves` compile the other leaf conditions of the family. Raises InvalidParameterException for an unknown field.
    """
    tests: list[Predicate] = []
    for member, value in node.items():
        if value is None:
            continue
        if member == "OrConditions":
            tests.append(_any([criteria(each, fields, leaves) for each in value]))
        elif member == "AndConditions":
            tests.append(_all([criteria(each, fields, leaves) for each in value]))
        elif member == "StringCondition":
            tests.append(_string(value, fields))
        elif member in leaves:
            tests.append(leaves[member](value))
    return _all(tests)


def _string(condition: Mapping[str, Any], fields: Mapping[str, Field]) -> Predicate:
    name, value = condition.get("FieldName"), condition.get("Value")
    if name is None or value is None:
        raise invalid_parameter("A StringCondition needs FieldName and Value")
    field = fields.get(name.casefold())
    if field is None:
        raise invalid_parameter(f"{name} is not a field to search by")
    comparison = condition.get("ComparisonType") or "EXACT"
    return lambda document: any(matches(text, value, comparison) for text in field(document))


def tag_filter(node: Mapping[str, Any]) -> Predicate:
    """The predicate of a `TagFilter`: lists of tags of which one list must be there in full, tags that must all be
    there, one tag; a tag without value is there with any value."""
    tests: list[Predicate] = []
    if node.get("OrConditions") is not None:
        tests.append(_any([_all([_tag(tag) for tag in group]) for group in node["OrConditions"]]))
    if node.get("AndConditions") is not None:
        tests.append(_all([_tag(tag) for tag in node["AndConditions"]]))
    if node.get("TagCondition") is not None:
        tests.append(_tag(node["TagCondition"]))
    return _all(tests)


def attribute_filter(node: Mapping[str, Any], leaves: Mapping[str, Leaf]) -> Predicate:
    """The predicate of the `...AttributeFilter` members: an OR of ANDs of tags and of the family's own conditions."""
    tests: list[Predicate] = []
    for member, value in node.items():
        if value is None:
            continue
        if member == "OrConditions":
            tests.append(_any([attribute_filter(each, leaves) for each in value]))
        elif member == "AndCondition":
            tests.append(attribute_filter(value, leaves))
        elif member == "TagConditions":
            tests.append(_all([_tag(tag) for tag in value]))
        elif member == "TagCondition":
            tests.append(_tag(value))
        elif member in leaves:
            tests.append(leaves[member](value))
    return _all(tests)


def search_filter(node: Mapping[str, Any], leaves: Mapping[str, Leaf]) -> Predicate:
    """The predicate of a `SearchFilter`, whichever of its forms the family has."""
    return _all(
        [
            tag_filter(value) if member == "TagFilter" else attribute_filter(value, leaves)
            for member, value in node.items()
            if value is not None
        ]
    )


def _tag(condition: Mapping[str, Any]) -> Predicate:
    key, value = condition.get("TagKey"), condition.get("TagValue")
    if key is None:
        raise invalid_parameter("A TagCondition needs TagKey")
    if value is None:
        return lambda document: key in document.tags
    return lambda document: document.tags.get(key) == value


def _all(tests: list[Predicate]) -> Predicate:
    if len(tests) == 1:
        return tests[0]
    return lambda document: all(test(document) for test in tests)


def _any(tests: list[Predicate]) -> Predicate:
    return lambda document: any(test(document) for test in tests)
