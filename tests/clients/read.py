"""A client as another project would write it: generated from the document, reading the server.

tests/clients/python generates it, checks the types (mypy) and runs this file.
"""

import sys

from lodestar_client import Client
from lodestar_client.api.hotlines import list_hotlines
from lodestar_client.api.hotlines import read_hotline
from lodestar_client.api.organizations import read_organization
from lodestar_client.models import (
    CountryCode,
    Hotline,
    HotlinePage,
    ListHotlinesChannelItem,
    ListHotlinesSort,
    OrganizationWithIncluded,
    Problem,
    ReadOrganizationIncludeItem,
)

client = Client(base_url=sys.argv[1])


def line(hotline: Hotline) -> str:
    """What a page would show of a hotline; mypy passes only while the types say so much."""
    owner = hotline.organization.name if hotline.organization else "unknown"
    ways = [point.tel_uri or point.url or point.display for point in hotline.contact_points]
    age: int | None = hotline.freshness.age_days
    return f"{hotline.name} ({owner}): {', '.join(ways)}; {hotline.freshness.grade}, {age} days"


page = list_hotlines.sync(
    client=client,
    country=[CountryCode.US, CountryCode.CA],
    channel=[ListHotlinesChannelItem.PHONE],
    sort=ListHotlinesSort.LAST_MODIFIED_DESCENDING,
    per_page=5,
)
assert isinstance(page, HotlinePage), page
assert page.size == len(page.contents) == 5 < page.total_items, page
for hotline in page.contents:
    assert not hotline.additional_properties, "fields that the document lacks"
    print(line(hotline))

record = read_organization.sync(
    "ncmec",
    client=client,
    include=[ReadOrganizationIncludeItem.HOTLINES, ReadOrganizationIncludeItem.SOURCES],
)
assert isinstance(record, OrganizationWithIncluded), record
assert record.slug == "ncmec" and not record.additional_properties, record
assert record.included is not None and record.included.regional_contacts is None, record
assert record.included.sources, "its sources"
shown = [point.display for hotline in record.included.hotlines or [] for point in hotline.contact_points]
assert any("1-800-THE-LOST" in text for text in shown), shown
print(f"{record.name}: {', '.join(shown)}")

wrong = read_hotline.sync("no-such-hotline", client=client)
assert isinstance(wrong, Problem) and wrong.status == 404, wrong
assert wrong.type_ == "/problems#not_found" and wrong.errors == [], wrong
