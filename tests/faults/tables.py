"""Made-up spreadsheets of any size: organizations, and hotlines with numbers that nobody has."""

import csv

# Rows that each organization with its hotline takes in all files.
ROWS_EACH = 5
HEADERS = {
    "sources": "slug,title,publisher,url,licence,attribution",
    "topics": "slug,name,axis,description",
    "topic_translations": "topic,lang,translation,name,description",
    "organizations": "slug,name,alternate_name,kind,description,website,emails,country,scope,topics,populations,lang",
    "organization_actions": "organization,action,url",
    "organization_operators": "organization,operator,since,until",
    "organization_sources": "organization,source,locator,published_on,retrieved_on",
    "organization_translations": "organization,lang,translation,name,description",
    "hotlines": "slug,organization,name,description,notes,lang,coverage,languages,interpreter_languages,hours,timezone,"
    "always_open,topics,populations,age_min,age_max,anonymous,confidential,passed_to_police,passed_to_immigration,"
    "priority,show_together",
    "hotline_contact_points": "hotline,channel,value,e164,short_code,keyword,extension,dialable_from,toll_free,languages,note",
    "hotline_sources": "hotline,source,locator,published_on,retrieved_on",
    "hotline_translations": "hotline,lang,translation,name,description,notes",
}
DAMAGE = "1.88837E+10"


def tables(rows, text):
    """The rows of each file, with a text that all records show."""
    filled = {name: [] for name in HEADERS}
    filled["sources"].append(["bulk-source", "Bulk", "Bulk", "https://bulk.example/", "", ""])
    filled["topics"].append(["bulk_topic", "Bulk", "type", "Made up."])
    for place in range(rows // ROWS_EACH):
        organization, line = f"bulk-{place:06}", f"bulk-line-{place:06}"
        printed = f"01632 960{place % 1000:03}"
        cited = ["bulk-source", f"p. {place}", "2026", "2026-11-23"]
        filled["organizations"].append(
            [organization, f"Bulk {place}", "", "ngo", text, f"https://bulk-{place}.example/", "", "GB", "national"]
            + ["bulk_topic", "", "en"]
        )
        filled["organization_sources"].append([organization, *cited])
        filled["hotlines"].append(
            [line, organization, f"Bulk Line {place}", text, "", "en", "GB", "en;fr", "", "24/7", "", "true"]
            + ["bulk_topic", "", "", "", "", "", "unknown", "unknown", "", ""]
        )
        filled["hotline_contact_points"].append(
            [line, "phone", printed, "+44" + printed[1:].replace(" ", ""), "", "", "", "GB", "", "", ""]
        )
        filled["hotline_sources"].append([line, *cited])
    return filled


def write(folder, rows, text="Made up.", damaged=None):
    """Writes them into a folder; the number in row `damaged` of its file is damaged as Excel does it.

    Returns how many rows there are in all files, and how many records.
    """
    folder.mkdir(parents=True, exist_ok=True)
    filled = tables(rows, text)
    if damaged is not None:
        filled["hotline_contact_points"][damaged][3] = DAMAGE
    for name, header in HEADERS.items():
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header.split(","))
            writer.writerows(filled[name])
    records = sum(len(filled[name]) for name in ("sources", "topics", "organizations", "hotlines"))
    return sum(map(len, filled.values())), records
