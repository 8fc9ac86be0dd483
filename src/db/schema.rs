//! The tables as the migrations make them. A test compares them with the catalogue.
//! Unqualified: each login's search path says which schema it stands in.

/// SQL types that diesel does not bring.
pub mod sql_types {
    /// Words for full-text search; written through `to_tsvector`, never read.
    #[derive(diesel::sql_types::SqlType, diesel::query_builder::QueryId)]
    #[diesel(postgres_type(oid = 3614, array_oid = 3643))]
    pub struct Tsvector;
}

diesel::table! {
    records (id) {
        id -> Uuid,
        resource -> Text,
        slug -> Text,
        status -> Text,
        visibility -> Text,
        revision -> Int8,
        created_at -> Timestamptz,
        last_modified -> Timestamptz,
        natural_key -> Nullable<Text>,
        document -> Jsonb,
    }
}

diesel::table! {
    entries (revision) {
        revision -> Int8,
        at -> Timestamptz,
        resource -> Text,
        record_id -> Uuid,
        slug -> Text,
        action -> Text,
        status -> Text,
        visibility -> Text,
        actor -> Text,
        reason -> Text,
        one_person -> Bool,
        document -> Jsonb,
    }
}

diesel::table! {
    head (only_row) {
        only_row -> Bool,
        revision -> Int8,
    }
}

diesel::table! {
    directory (only_row) {
        only_row -> Bool,
        revision -> Int8,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    vocabularies (id) {
        id -> Uuid,
        slug -> Text,
        revision -> Int8,
        created_at -> Timestamptz,
        last_modified -> Timestamptz,
        vocabulary -> Text,
        name -> Text,
        words -> Tsvector,
        document -> Jsonb,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    organizations (id) {
        id -> Uuid,
        slug -> Text,
        revision -> Int8,
        created_at -> Timestamptz,
        last_modified -> Timestamptz,
        name -> Text,
        kind -> Text,
        country -> Nullable<Text>,
        scope -> Text,
        topics -> Array<Text>,
        populations -> Array<Text>,
        words -> Tsvector,
        document -> Jsonb,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    hotlines (id) {
        id -> Uuid,
        slug -> Text,
        revision -> Int8,
        created_at -> Timestamptz,
        last_modified -> Timestamptz,
        organization_id -> Nullable<Uuid>,
        name -> Text,
        coverage -> Array<Text>,
        countries -> Array<Text>,
        languages -> Array<Text>,
        channels -> Array<Text>,
        topics -> Array<Text>,
        populations -> Array<Text>,
        always_open -> Nullable<Bool>,
        words -> Tsvector,
        document -> Jsonb,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    regional_contacts (id) {
        id -> Uuid,
        slug -> Text,
        revision -> Int8,
        created_at -> Timestamptz,
        last_modified -> Timestamptz,
        organization_id -> Nullable<Uuid>,
        name -> Text,
        role -> Text,
        country -> Text,
        serves -> Array<Text>,
        serves_countries -> Array<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        words -> Tsvector,
        document -> Jsonb,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    statistics (id) {
        id -> Uuid,
        slug -> Text,
        revision -> Int8,
        created_at -> Timestamptz,
        last_modified -> Timestamptz,
        indicator_id -> Nullable<Uuid>,
        title -> Text,
        geography -> Text,
        period_start -> Nullable<Date>,
        period_end -> Nullable<Date>,
        value -> Nullable<Numeric>,
        unit -> Text,
        publisher -> Text,
        sources -> Array<Text>,
        assessment -> Text,
        words -> Tsvector,
        document -> Jsonb,
    }
}

diesel::allow_tables_to_appear_in_same_query!(records, entries);
diesel::allow_tables_to_appear_in_same_query!(
    organizations,
    hotlines,
    regional_contacts,
    statistics,
    vocabularies
);
diesel::joinable!(hotlines -> organizations (organization_id));
diesel::joinable!(regional_contacts -> organizations (organization_id));
diesel::joinable!(statistics -> vocabularies (indicator_id));
