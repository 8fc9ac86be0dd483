drop index published.organizations_sources;
drop index published.hotlines_sources;
drop index published.regional_contacts_sources;
drop index published.vocabularies_sources;
drop index published.vocabularies_short_codes;
