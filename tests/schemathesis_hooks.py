"""What schemathesis cannot write by itself: the bodies of imports, which are bytes."""

import schemathesis


@schemathesis.serializer(
    "application/zip",
    "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
def as_bytes(context, value):
    # Its own wrapper of bytes is a text too, an empty one.
    data = getattr(value, "data", value)
    if isinstance(data, str):
        return data.encode("utf-8", "replace")
    # What is neither cannot be sent, so that nothing is.
    return bytes(data) if isinstance(data, (bytes, bytearray)) else b""
