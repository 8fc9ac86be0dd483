//! The directory as it ships, compiled in, so that the binary alone suffices.

/// File name and content.
pub const FILES: [(&str, &[u8]); 27] = [
    ("countries.csv", include_bytes!("../../data/countries.csv")),
    (
        "country_short_codes.csv",
        include_bytes!("../../data/country_short_codes.csv"),
    ),
    (
        "country_sources.csv",
        include_bytes!("../../data/country_sources.csv"),
    ),
    ("critiques.csv", include_bytes!("../../data/critiques.csv")),
    (
        "hotline_contact_points.csv",
        include_bytes!("../../data/hotline_contact_points.csv"),
    ),
    (
        "hotline_sources.csv",
        include_bytes!("../../data/hotline_sources.csv"),
    ),
    (
        "hotline_translations.csv",
        include_bytes!("../../data/hotline_translations.csv"),
    ),
    ("hotlines.csv", include_bytes!("../../data/hotlines.csv")),
    (
        "indicator_translations.csv",
        include_bytes!("../../data/indicator_translations.csv"),
    ),
    (
        "indicators.csv",
        include_bytes!("../../data/indicators.csv"),
    ),
    (
        "organization_actions.csv",
        include_bytes!("../../data/organization_actions.csv"),
    ),
    (
        "organization_operators.csv",
        include_bytes!("../../data/organization_operators.csv"),
    ),
    (
        "organization_sources.csv",
        include_bytes!("../../data/organization_sources.csv"),
    ),
    (
        "organization_translations.csv",
        include_bytes!("../../data/organization_translations.csv"),
    ),
    (
        "organizations.csv",
        include_bytes!("../../data/organizations.csv"),
    ),
    (
        "population_translations.csv",
        include_bytes!("../../data/population_translations.csv"),
    ),
    (
        "populations.csv",
        include_bytes!("../../data/populations.csv"),
    ),
    (
        "regional_contact_contact_points.csv",
        include_bytes!("../../data/regional_contact_contact_points.csv"),
    ),
    (
        "regional_contact_sources.csv",
        include_bytes!("../../data/regional_contact_sources.csv"),
    ),
    (
        "regional_contact_translations.csv",
        include_bytes!("../../data/regional_contact_translations.csv"),
    ),
    (
        "regional_contacts.csv",
        include_bytes!("../../data/regional_contacts.csv"),
    ),
    ("sources.csv", include_bytes!("../../data/sources.csv")),
    (
        "statistic_sources.csv",
        include_bytes!("../../data/statistic_sources.csv"),
    ),
    (
        "statistics.csv",
        include_bytes!("../../data/statistics.csv"),
    ),
    ("synonyms.csv", include_bytes!("../../data/synonyms.csv")),
    (
        "topic_translations.csv",
        include_bytes!("../../data/topic_translations.csv"),
    ),
    ("topics.csv", include_bytes!("../../data/topics.csv")),
];
