"""The runtime of Lex V2 for our own bots: `boto3.client("lexv2-runtime")` against this endpoint."""
