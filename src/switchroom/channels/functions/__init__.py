"""Functions that flows call: local Python handlers, HTTP endpoints, or AWS Lambda."""

from switchroom.channels.functions.runner import CallLog, FunctionFailed, FunctionInfo, FunctionRunner

__all__ = ["CallLog", "FunctionFailed", "FunctionInfo", "FunctionRunner"]
