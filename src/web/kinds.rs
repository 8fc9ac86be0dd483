//! The kinds of problems, and what to do about each.

/// The kinds of problems, for the page that explains them: code, title, what to do.
pub const KINDS: [(&str, &str, &str); 21] = [
    (
        "malformed",
        "The request is malformed",
        "Correct what `errors` names and send the request again.",
    ),
    (
        "unauthenticated",
        "A key is needed",
        "Send the request with a key of your role as `Authorization: Bearer`, or ask what needs none.",
    ),
    (
        "forbidden",
        "This key may not do it",
        "Let somebody do it who may: `errors` says who; `/v1/me` says what this key may.",
    ),
    (
        "not_found",
        "Nothing public stands here",
        "Check the address; `/v1` lists what there is.",
    ),
    (
        "method_not_allowed",
        "The method is not allowed here",
        "Use a method that the Allow header names.",
    ),
    (
        "not_acceptable",
        "None of the accepted media types is offered",
        "Accept one of those named.",
    ),
    (
        "too_slow",
        "The body did not come in time",
        "Send the request again, on a better connection.",
    ),
    (
        "conflict",
        "It cannot be done as things stand",
        "Read what stands now, and decide again.",
    ),
    (
        "gone",
        "The record is archived",
        "It was closed, or became part of the record that `survivor` names; drop your copy.",
    ),
    (
        "too_far_behind",
        "The revision is too old to follow from",
        "Start over: read each list with format=ndjson into an empty copy, /v1/statistics with every value of assessment=, note the least Directory-Revision of these answers, and follow /v1/changes from there.",
    ),
    (
        "superseded",
        "The bundle is not current any more",
        "Something in it changed or is gone: drop it, and take the current one at the same address without the digest.",
    ),
    (
        "precondition_failed",
        "The record changed meanwhile",
        "Read it again, repeat the change on it, and send the new ETag as If-Match.",
    ),
    (
        "too_large",
        "The body is too large",
        "Send at most 256 KiB, to be imported at most 32 MiB.",
    ),
    (
        "unsupported_media_type",
        "The body has another media type",
        "Send JSON with `Content-Type: application/json`, a merge patch with `application/merge-patch+json`, a file to import as `application/zip`, `application/x-ndjson` or the type of .xlsx; save other forms as .xlsx or CSV.",
    ),
    (
        "precondition_required",
        "A write names the revision it was made against",
        "Read the record and send its ETag as If-Match.",
    ),
    (
        "too_many_requests",
        "Too many came",
        "Send it again after the seconds in Retry-After.",
    ),
    (
        "unprocessable",
        "The values do not fit",
        "Correct what `errors` names and send the request again.",
    ),
    (
        "not_offered",
        "This format is not offered",
        "Ask for one of those named.",
    ),
    (
        "unavailable",
        "The directory cannot answer now",
        "Try again after the time in Retry-After.",
    ),
    (
        "refused",
        "The request was refused",
        "Check the request against /docs.",
    ),
    (
        "internal",
        "The directory failed",
        "Try again; if it lasts, tell the operator the X-Request-Id of this answer.",
    ),
];
