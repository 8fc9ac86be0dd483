"""What schemathesis cannot know by itself: the bodies of imports, which are bytes, what stands in the directory,
and who is refused what.

Of its own making hardly any write is accepted, since it knows no slug and no revision. So of every operation the first
valid request of a phase, and every fifth after it, is made right: about a record that is made for it, or that is
published. It has to be accepted. Two admins make what it needs, one of whom decides on what the other wrote. Requests
that shall be wrong stay as they are, and those that follow links; but the keys that are revoked are always new ones.

As a program it prints the operations of a role as a configuration: those that are refused to it by
tests/api/authorization.csv may refuse it, and no others.
    schemathesis_hooks.py ROLE
"""

import collections
import csv
import datetime
import fnmatch
import itertools
import json
import os
import pathlib
import sys
import threading

import requests
import schemathesis
from requests.structures import CaseInsensitiveDict
from schemathesis.config import SchemathesisWarning

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCUMENT = json.loads((ROOT / "openapi/v1.json").read_text())
OPERATIONS = {
    operation["operationId"]: operation
    for path in DOCUMENT["paths"].values()
    for operation in path.values()
}
# The example of each resource that is written.
EXAMPLES = {
    path[4:]: methods["post"]["requestBody"]["content"]["application/json"]["example"]
    for path, methods in DOCUMENT["paths"].items()
    if f"{path}/{{reference}}" in DOCUMENT["paths"] and "post" in methods
}
CONTACTS = ["hotlines", "regional_contacts"]
VERIFIED = ["organizations", *CONTACTS, "statistics"]
NDJSON = "application/x-ndjson"
REASON = {"reason": "It is so."}
CONFIRMED = {"outcome": "confirmed", "method": "called"}
EVERY = 5


def refused(role):
    """The operations that a role is refused whatever it asks, by the table."""
    with open(ROOT / "tests/api/authorization.csv") as file:
        rows = list(csv.DictReader(file))
    for name in OPERATIONS:
        patterns = {row["operation"] for row in rows if fnmatch.fnmatchcase(name, row["operation"])}
        closest = max(patterns, key=len)
        if all(row[role] in ("401", "403") for row in rows if row["operation"] == closest):
            yield name


if __name__ == "__main__":
    names = list(refused(sys.argv[1]))
    others = [kind.value for kind in SchemathesisWarning if kind is not SchemathesisWarning.MISSING_AUTH]
    if names:
        print("\n[[operations]]")
        print(f"include-operation-id = {json.dumps(names)}")
        print(f"warnings = {{ display = {json.dumps(others)}, fail-on = true }}")
    sys.exit()

URL, ROLE = os.environ["CONTRACT_URL"], os.environ["CONTRACT_ROLE"]
# The one writes, the other decides.
WRITER, SECOND = os.environ["CONTRACT_KEYS"].split()
OWN = os.environ["CONTRACT_KEY"]
REFUSED = set(refused(ROLE))
numbers = itertools.count(1)
turns = collections.defaultdict(itertools.count)
made_right = set()
calling = threading.Lock()


@schemathesis.serializer(
    "application/zip",
    NDJSON,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
def as_bytes(context, value):
    # Its own wrapper of bytes is a text too, an empty one.
    data = getattr(value, "data", value)
    if isinstance(data, str):
        return data.encode("utf-8", "replace")
    # What is neither cannot be sent, so that nothing is.
    return bytes(data) if isinstance(data, (bytes, bytearray)) else b""


def ask(method, path, body=None, key=WRITER, **options):
    """An answer; what is not accepted ends the run, since nobody would notice."""
    headers = {"Authorization": f"Bearer {key}"} | options.pop("headers", {})
    answer = requests.request(method, URL + path, json=body, headers=headers, timeout=20, **options)
    if not answer.ok:
        raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
    return answer.json()


def written(resource, slug, number):
    """A document that only those of the same number are like: they have its name and addresses, and of a thousand its telephone."""
    text = json.dumps(EXAMPLES[resource]).replace("960123", f"960{number % 1000:03}")
    text = text.replace("office@", f"office{number}@").replace("//organization.", f"//organization{number}.")
    document = json.loads(text) | {"slug": slug}
    document[label(resource)] += f" {number}"
    if resource == "statistics":
        document["publisher"] = slug
    return document


def label(resource):
    """The field that names a record to people."""
    return "name" if "name" in EXAMPLES[resource] else "title"


def new_slug():
    return f"contract{os.getpid()}n{next(numbers)}"


def act(verb, record, key=WRITER, body=REASON):
    """Does something with a record, and says how it stands then."""
    path = f"/v1/{record['resource']}/{record['slug']}"
    ask("POST", f"{path}/{verb}", body, key, headers={"If-Match": f'"{record["revision"]}"'})
    return ask("GET", f"{path}/record")


def draft(resource, number=None):
    """A new record that waits to be published."""
    slug = new_slug()
    ask("POST", f"/v1/{resource}", written(resource, slug, number or next(numbers)))
    return ask("GET", f"/v1/{resource}/{slug}/record")


def made(resource, number=None):
    """A new record that is published, by somebody else than who wrote it."""
    return act("publish", draft(resource, number), SECOND)


def slugs(resource):
    """Those of the first published records, again and again."""
    listed = ask("GET", f"/v1/{resource}", params={"per_page": 200})["contents"]
    return itertools.cycle([one["slug"] for one in listed])


def published(resource):
    """The slug of one after the other of those that are still published."""
    for slug in itertools.islice(SLUGS[resource], 200):
        if requests.get(f"{URL}/v1/{resource}/{slug}", timeout=20, allow_redirects=False).status_code == 200:
            return slug
    raise RuntimeError(f"none of {resource} is published any more")


def stand():
    """Publishes what the examples name, once."""
    for resource in ("sources", "indicators", "organizations"):
        example = EXAMPLES[resource]
        path = f"/v1/{resource}/{example['slug']}"
        if requests.get(URL + path, timeout=20).status_code == 404:
            ask("POST", f"/v1/{resource}", example)
            act("publish", ask("GET", f"{path}/record"), SECOND)


stand()
# Read before anything is tried, so that none of them is one that is made to be archived.
SLUGS = {resource: slugs(resource) for resource in EXAMPLES}


def proposal(key):
    """A new one, of whoever has the key."""
    record = made("sources")
    body = {"resource": "sources", "record": record["slug"], "revision": record["revision"]}
    body |= {"patch": {"title": "Another"}, "reason": "It says so."}
    return ask("POST", "/v1/proposals", body, key)["id"]


def lines():
    """A file with one new record."""
    topic = ask("GET", f"/v1/topics/{published('topics')}/record")["document"]
    slug = new_slug()
    topic |= {"slug": slug, "name": slug, "translations": []}
    return json.dumps({"resource": "topics", "document": topic}) + "\n"


def brought():
    """The digest of an import that was checked."""
    return ask("POST", "/v1/imports", headers={"Content-Type": NDJSON}, data=lines())["digest"]


def month():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m")


def drawn():
    """The sample of this month, of which one more was called."""
    path = f"/v1/samples/{month()}"
    if requests.get(URL + path, headers={"Authorization": f"Bearer {WRITER}"}, timeout=20).status_code == 404:
        ask("POST", path, {})
    for point in ask("GET", path)["contents"]:
        if not point["outcome"] and not point["altered"]:
            record = ask("GET", f"/v1/hotlines/{point['slug']}/record")
            act("verifications", record, body=CONFIRMED | {"contact_point": point["contact_point"]["id"]})
            return


def right(name, path):
    """What a request says that is right: parts of the path, `query`, `body` and the `revision` that it is against.

    Nothing of what schemathesis makes right by itself.
    """
    verb, noun = name.split("_", 1)
    resource = f"{path}//".split("/")[2]
    if resource == "{resource}":
        fitting = [one for one in EXAMPLES if "merge" not in name or one != "statistics"]
        fitting = CONTACTS if noun == "contact_point" else VERIFIED if noun == "verification" else fitting
        resource = fitting[next(turns[name]) % len(fitting)]
    match name:
        case "read_help":
            return {"query": {"country": "PH"}}
        case "ask_help":
            return {"body": {"country": "PH"}}
        case "read_contact_bundle_edition" | "read_statistic_bundle_edition":
            bundles = ask("GET", "/v1/bundles", params={"country": "US"})["contents"]
            return next(one for one in bundles if one["content"] == noun.split("_")[0] + "s")
        case "create_suggestion":
            resource = VERIFIED[next(turns[name]) % len(VERIFIED)]
            return {"body": {"resource": resource, "record": published(resource), "text": "Nobody answers."}}
        case "create_dismissal":
            one, other = (made("hotlines", number)["id"] for number in [next(numbers)] * 2)
            return {"body": {"one": one, "other": other} | REASON}
        case "create_key":
            return {"body": {"name": new_slug(), "role": "contributor"}}
        case "revoke_key":
            return {"id": ask("POST", "/v1/keys", {"name": new_slug(), "role": "contributor"})["info"]["id"]}
        case "create_import":
            return {"body": lines()}
        case "read_import" | "read_import_files" | "apply_import":
            return {"digest": brought()}
        case "create_sample":
            return {"month": month(), "body": {}}
        case "read_sample" | "publish_sample":
            with calling:
                drawn()
            return {"month": month()}
        case "create_leases":
            return {"body": {"count": 1}}
        case "create_proposal":
            record = made("sources")
            body = {"resource": "sources", "record": record["slug"], "revision": record["revision"]}
            return {"body": body | {"patch": {"title": "Another"}} | REASON}
        case "read_proposal" | "withdraw_proposal":
            return {"id": proposal(OWN), "body": REASON}
        case "accept_proposal" | "reject_proposal":
            return {"id": proposal(WRITER), "body": REASON}
        case "read_merge" | "merge_record":
            number = next(numbers)
            into, other = made(resource, number), made(resource, number)["slug"]
            return into | {"query": {"from": other}, "body": {"from": other} | REASON}
        case "read_diff" | "read_history" | "restore_record":
            before = draft(resource)
            first, record = before["revision"], act("publish", before, SECOND)
            query = {"from": first, "to": record["revision"]}
            return record | {"query": query, "body": {"revision": first} | REASON}
        case "publish_record":
            return draft(resource) | {"body": REASON}
        case "unhide_record":
            return act("hide", made(resource)) | {"body": REASON}
        case "hide_contact_point" | "unhide_contact_point":
            record = made(resource)
            point = record["document"]["contact_points"][0]["id"]
            if verb == "unhide":
                record = act(f"contact_points/{point}/hide", record)
            return record | {"id": point, "body": REASON}
        case "hide_record" | "archive_record":
            return made(resource) | {"body": REASON}
        case "create_verification":
            return made(resource) | {"body": CONFIRMED}
    if resource not in EXAMPLES:
        return None
    # An editor writes drafts, a contributor sees none.
    new = draft if ROLE == "editor" else made
    match verb:
        case "create":
            return {"body": written(resource, new_slug(), next(numbers))}
        case "replace":
            number = next(numbers)
            record = new(resource, number)
            return record | {"body": written(resource, record["slug"], number)}
        case "update":
            return new(resource) | {"body": {label(resource): f"Updated {next(numbers)}"}}
    return {"resource": resource, "slug": published(resource)} if "{reference}" in path else None


def from_elsewhere(request):
    """Lets a request come from a network of its own, as a proxy would say it."""
    request.headers["X-Forwarded-For"] = f"2001:db8:{next(numbers) % 65536:x}::1"
    return request


@schemathesis.hook
def before_call(context, case, kwargs):
    name = case.operation.definition.raw["operationId"]
    if name == "create_suggestion":
        # One network may tell a few things only.
        kwargs["auth"] = from_elsewhere
    if case.meta is None or not case.meta.generation.mode.is_positive or name in REFUSED:
        return
    phase = case.meta.phase.name.value
    # A sample is drawn once and in its own month, so that nothing else can be right.
    every = 1 if name == "create_sample" else EVERY
    if name == "revoke_key":
        # None of ours, whichever links lead to it.
        every = 1
    elif phase == "stateful" or phase == "examples" and name in ("read_sample", "publish_sample"):
        # The sample is drawn by whoever is tried, in the first phase, rather than by us.
        return
    if next(turns[phase, name]) % every:
        return
    parts = right(name, case.path)
    if parts is None:
        return
    parts["reference"] = parts.get("slug")
    said = {
        "Authorization": f"Bearer {OWN}",
        "If-Match": f'"{parts.get("revision")}"',
        "Change-Reason": "It is so.",
        "Change-Evidence": "https://operator.example/contact",
        "Idempotency-Key": new_slug(),
    }
    query = parts.get("query", {})
    case.path_parameters = {one.name: parts[one.name] for one in case.operation.path_parameters}
    case.query = {one.name: query[one.name] for one in case.operation.query if one.name in query}
    headers = {one.name: said[one.name] for one in case.operation.headers if one.name in said}
    case.headers = CaseInsensitiveDict(headers)
    if case.operation.body:
        case.body, case.media_type = parts["body"], next(iter(case.operation.body)).media_type
        if name == "create_import":
            case.media_type = NDJSON
    made_right.add(case.id)


@schemathesis.check
def right_is_accepted(context, response, case):
    """What was made right is accepted; of samples one may have been drawn already."""
    one_too_many = response.status_code == 409 and case.path == "/v1/samples/{month}"
    if case.id in made_right and response.status_code >= 400 and not one_too_many:
        raise AssertionError(f"a request that is right was answered {response.status_code}")
