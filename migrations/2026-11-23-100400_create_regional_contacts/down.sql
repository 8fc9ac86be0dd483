drop table published.regional_contacts;
drop function published.distance_km;
