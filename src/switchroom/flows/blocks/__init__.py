"""The blocks, one file a family. Importing this package fills `registry.BLOCKS`."""

from switchroom.flows.blocks import (  # noqa: F401
    bot,
    branch,
    change,
    contact,
    function,
    later,
    listen,
    module,
    prompt,
    task,
    transfer,
    voice,
)
