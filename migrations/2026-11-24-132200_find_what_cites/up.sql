-- What cites a source, of the resources that have no column of sources.
create index organizations_sources on published.organizations using gin ((document -> 'sources') jsonb_path_ops);
create index hotlines_sources on published.hotlines using gin ((document -> 'sources') jsonb_path_ops);
create index regional_contacts_sources on published.regional_contacts using gin ((document -> 'sources') jsonb_path_ops);
create index vocabularies_sources on published.vocabularies using gin ((document -> 'sources') jsonb_path_ops);
create index vocabularies_short_codes on published.vocabularies using gin ((document -> 'short_codes') jsonb_path_ops);
