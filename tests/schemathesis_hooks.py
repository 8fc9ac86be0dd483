"""What schemathesis cannot write by itself: the bodies of imports, which are bytes."""

import schemathesis


@schemathesis.serializer(
    "application/zip",
    "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
def as_bytes(context, value):
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    # Its own wrapper of bytes; what is no text at all cannot be sent, so that nothing is.
    data = getattr(value, "data", None)
    return data if isinstance(data, bytes) else b""
