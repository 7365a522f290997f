"""Functions that flows call: local Python handlers, HTTP endpoints, or AWS Lambda."""

from switchroom.channels.functions.runner import FunctionFailed, FunctionInfo, FunctionRunner

__all__ = ["FunctionFailed", "FunctionInfo", "FunctionRunner"]
