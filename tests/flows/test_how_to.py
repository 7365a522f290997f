"""docs/how-to/add-a-block.md, done as it says."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from switchroom.flows.blocks import registry
from switchroom.flows.catalogue import catalogue
from switchroom.flows.check import check, errors_of
from switchroom.flows.testing.description import read
from switchroom.flows.testing.stage import reader
from switchroom.flows.testing.suite import play

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-block.md"


@pytest.fixture
def code() -> Iterator[dict[str, str]]:
    """The code of the page by its language; the block of the page is there while the test runs."""
    found = dict(re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
    file = ModuleType("country")
    sys.modules["country"] = file
    exec(compile(found["python"], "country.py", "exec"), file.__dict__)
    catalogue.cache_clear()
    yield found
    del sys.modules["country"], registry.FORMS["CheckCountry"], registry.FACES["check-country"]
    catalogue.cache_clear()


def test_the_block_of_the_page(code: dict[str, str], tmp_path: Path) -> None:
    """BLK-001: a block is in the palette, in the checker and in the runner by its one file."""
    (tmp_path / "country.json").write_text(code["json"], encoding="utf-8")
    scenarios = read(code["yaml"])
    assert len(scenarios) == 4
    for scenario in scenarios:
        assert play(scenario, reader(tmp_path)).failures == []
    assert errors_of(check(code["json"])) == []
    assert [p.code for p in check(code["json"], "CUSTOMER_HOLD")] == ["wrong-flow-type"] * 4
    (block,) = (block for block in catalogue()["Blocks"] if block["Key"] == "check-country")
    assert [branch["Label"] for branch in block["Variants"][0]["Branches"]] == [
        "This country",
        "Another country",
        "Error",
    ]
