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
        merged_into -> Nullable<Uuid>,
        public_revision -> Nullable<Int8>,
        public_at -> Nullable<Timestamptz>,
        countries -> Array<Text>,
        former_countries -> Array<Text>,
        names -> Nullable<Array<Text>>,
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
        second_person -> Nullable<Text>,
        proposal_id -> Nullable<Uuid>,
        merged_into -> Nullable<Uuid>,
        verification -> Nullable<Jsonb>,
    }
}

diesel::table! {
    slugs (resource, slug) {
        resource -> Text,
        slug -> Text,
        record_id -> Uuid,
        revision -> Int8,
        at -> Timestamptz,
    }
}

diesel::table! {
    keys (id) {
        id -> Uuid,
        name -> Text,
        role -> Text,
        countries -> Array<Text>,
        digest -> Bytea,
        created_at -> Timestamptz,
        created_by -> Text,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    proposals (id) {
        id -> Uuid,
        kind -> Text,
        state -> Text,
        resource -> Text,
        record_id -> Nullable<Uuid>,
        base_revision -> Int8,
        patch -> Jsonb,
        status -> Nullable<Text>,
        visibility -> Nullable<Text>,
        reason -> Text,
        evidence_url -> Nullable<Text>,
        proposed_by -> Nullable<Text>,
        proposed_at -> Timestamptz,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        decision -> Nullable<Text>,
        revision -> Nullable<Int8>,
        contact_point -> Nullable<Uuid>,
        day -> Nullable<Date>,
        times -> Int4,
        texts -> Array<Text>,
        verification -> Nullable<Jsonb>,
    }
}

diesel::table! {
    idempotency (actor, key) {
        actor -> Text,
        key -> Text,
        fingerprint -> Bytea,
        created_at -> Timestamptz,
        status -> Int4,
        etag -> Nullable<Text>,
        location -> Nullable<Text>,
        body -> Text,
    }
}

diesel::table! {
    link_checks (source_id, checked_at) {
        source_id -> Uuid,
        checked_at -> Timestamptz,
        outcome -> Text,
        detail -> Text,
    }
}

diesel::table! {
    imports (digest) {
        digest -> Bytea,
        form -> Text,
        content -> Bytea,
        annotated -> Bytea,
        report -> Jsonb,
        revision -> Int8,
        checked_by -> Text,
        checked_at -> Timestamptz,
        expires_at -> Timestamptz,
        applied_by -> Nullable<Text>,
        applied_at -> Nullable<Timestamptz>,
        applied_revision -> Nullable<Int8>,
    }
}

diesel::table! {
    leases (record_id) {
        record_id -> Uuid,
        holder -> Text,
        until -> Timestamptz,
    }
}

diesel::table! {
    dismissals (one_id, other_id) {
        one_id -> Uuid,
        other_id -> Uuid,
        evidence -> Text,
        reason -> Text,
        dismissed_by -> Text,
        dismissed_at -> Timestamptz,
    }
}

diesel::table! {
    samples (month) {
        month -> Date,
        drawn_at -> Timestamptz,
        drawn_by -> Text,
        revision -> Int8,
        seed -> Text,
        frame -> Int4,
        until -> Date,
        records -> Array<Uuid>,
        points -> Array<Uuid>,
    }
}

diesel::table! {
    changes (id) {
        revision -> Nullable<Int8>,
        at -> Nullable<Timestamptz>,
        resource -> Nullable<Text>,
        id -> Nullable<Uuid>,
        slug -> Nullable<Text>,
        countries -> Nullable<Array<Text>>,
        former_countries -> Nullable<Array<Text>>,
    }
}

diesel::table! {
    moved (resource, former_slug) {
        revision -> Nullable<Int8>,
        resource -> Nullable<Text>,
        former_slug -> Nullable<Text>,
        id -> Nullable<Uuid>,
        slug -> Nullable<Text>,
        countries -> Nullable<Array<Text>>,
        former_countries -> Nullable<Array<Text>>,
    }
}

diesel::table! {
    archived (id) {
        resource -> Nullable<Text>,
        id -> Nullable<Uuid>,
        slug -> Nullable<Text>,
        survivor -> Nullable<Text>,
        merged -> Nullable<Bool>,
    }
}

diesel::table! {
    earlier (revision) {
        id -> Nullable<Uuid>,
        revision -> Nullable<Int8>,
        at -> Nullable<Timestamptz>,
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
        document -> Json,
        status -> Text,
        visibility -> Text,
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
        document -> Json,
        status -> Text,
        visibility -> Text,
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
        document -> Json,
        status -> Text,
        visibility -> Text,
        schedule -> Nullable<Text>,
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
        document -> Json,
        status -> Text,
        visibility -> Text,
        schedule -> Nullable<Text>,
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
        document -> Json,
        status -> Text,
        visibility -> Text,
        baseline -> Nullable<Text>,
        distribution -> Nullable<Text>,
        sex -> Nullable<Text>,
        age_band -> Nullable<Text>,
        exploitation -> Nullable<Text>,
        population -> Nullable<Text>,
        denominator -> Nullable<Text>,
        observation_status -> Text,
        published_on -> Nullable<Text>,
        series -> Nullable<Text>,
        critics -> Array<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(records, entries, slugs, proposals);
diesel::joinable!(slugs -> records (record_id));
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
