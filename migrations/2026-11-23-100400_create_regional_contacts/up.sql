-- Great-circle distance in kilometres on a sphere with the mean radius of the earth.
create function published.distance_km(lat1 double precision, lon1 double precision, lat2 double precision, lon2 double precision)
returns double precision language sql immutable parallel safe return
  2 * 6371.0088 * asin(least(1, sqrt(
    power(sin(radians(lat2 - lat1) / 2), 2)
    + cos(radians(lat1)) * cos(radians(lat2)) * power(sin(radians(lon2 - lon1) / 2), 2)
  )));

create table published.regional_contacts (
  id uuid primary key,
  slug text not null constraint regional_contacts_slug unique,
  revision bigint not null,
  created_at timestamptz not null,
  last_modified timestamptz not null,
  organization_id uuid constraint regional_contacts_organization references published.organizations (id) on delete set null,
  name text not null,
  role text not null,
  country text not null,
  serves text[] not null,
  serves_countries text[] not null,
  latitude double precision,
  longitude double precision,
  words tsvector not null,
  document jsonb not null
);
comment on table published.regional_contacts is 'Published, visible regional contacts: the public part of each document, and the columns it is found by.';
create index regional_contacts_words on published.regional_contacts using gin (words);
create index regional_contacts_organization_id on published.regional_contacts (organization_id);
create index regional_contacts_name on published.regional_contacts (name, id);
create index regional_contacts_last_modified on published.regional_contacts (last_modified, id);
create index regional_contacts_country on published.regional_contacts (country, name, id);
create index regional_contacts_role on published.regional_contacts (role, name, id);
create index regional_contacts_serves on published.regional_contacts using gin (serves);
create index regional_contacts_serves_countries on published.regional_contacts using gin (serves_countries);
create index regional_contacts_place on published.regional_contacts (latitude, longitude);

grant select on published.regional_contacts to lodestar_reader;
grant select, insert, update, delete on published.regional_contacts to lodestar_writer;
