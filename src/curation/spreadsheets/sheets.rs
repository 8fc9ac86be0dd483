//! How documents stand in spreadsheets: one file a resource, one a nested list with the slug of
//! its parent first. The same tables read and write, so that what goes out comes in again.

use super::cells::Cell;
use crate::ledger::Resource;

/// A column: its name, which is the field's, and how its cells hold values.
pub type Column = (&'static str, Cell);

/// A nested list of a resource, in a file of its own.
#[derive(Debug)]
pub struct List {
    /// The field of the document.
    pub field: &'static str,
    /// The file, without its ending.
    pub file: &'static str,
    /// The first column: the slug of the parent.
    pub parent: &'static str,
    /// The other columns.
    pub columns: &'static [Column],
}

/// The files of a resource.
#[derive(Debug)]
pub struct Sheet {
    /// Of what.
    pub resource: Resource,
    /// The columns of its own file.
    pub columns: &'static [Column],
    /// Its nested lists.
    pub lists: &'static [List],
}

use Cell::{Codes, Date, E164, Flag, Hours, Text, Whole};

const SOURCES: &[Column] = &[
    ("source", Text),
    ("locator", Text),
    ("published_on", Date),
    ("retrieved_on", Date),
];
const CONTACT_POINTS: &[Column] = &[
    ("channel", Text),
    ("value", Text),
    ("e164", E164),
    ("short_code", Text),
    ("keyword", Text),
    ("extension", Text),
    ("dialable_from", Codes),
    ("toll_free", Flag),
    ("languages", Codes),
    ("note", Text),
];
const TRANSLATED: &[Column] = &[
    ("lang", Text),
    ("translation", Text),
    ("name", Text),
    ("description", Text),
];

/// All sheets, those first that others name.
pub const SHEETS: [Sheet; 10] = [
    Sheet {
        resource: Resource::Topics,
        columns: &[
            ("slug", Text),
            ("name", Text),
            ("axis", Text),
            ("description", Text),
        ],
        lists: &[List {
            field: "translations",
            file: "topic_translations",
            parent: "topic",
            columns: TRANSLATED,
        }],
    },
    Sheet {
        resource: Resource::Populations,
        columns: &[("slug", Text), ("name", Text), ("description", Text)],
        lists: &[List {
            field: "translations",
            file: "population_translations",
            parent: "population",
            columns: TRANSLATED,
        }],
    },
    Sheet {
        resource: Resource::Sources,
        columns: &[
            ("slug", Text),
            ("title", Text),
            ("publisher", Text),
            ("url", Text),
            ("licence", Text),
            ("attribution", Text),
        ],
        lists: &[],
    },
    Sheet {
        resource: Resource::Countries,
        columns: &[("slug", Text), ("emergency_numbers", Codes)],
        lists: &[
            List {
                field: "short_codes",
                file: "country_short_codes",
                parent: "country",
                columns: &[("number", Text), ("source", Text)],
            },
            List {
                field: "sources",
                file: "country_sources",
                parent: "country",
                columns: SOURCES,
            },
        ],
    },
    Sheet {
        resource: Resource::Indicators,
        columns: &[
            ("slug", Text),
            ("title", Text),
            ("definition", Text),
            ("unit", Text),
            ("kind", Text),
        ],
        lists: &[List {
            field: "translations",
            file: "indicator_translations",
            parent: "indicator",
            columns: TRANSLATED,
        }],
    },
    Sheet {
        resource: Resource::Synonyms,
        columns: &[
            ("slug", Text),
            ("name", Text),
            ("terms", Codes),
            ("topics", Codes),
            ("kind", Text),
            ("notes", Text),
        ],
        lists: &[],
    },
    Sheet {
        resource: Resource::Organizations,
        columns: &[
            ("slug", Text),
            ("name", Text),
            ("alternate_name", Text),
            ("kind", Text),
            ("description", Text),
            ("website", Text),
            ("emails", Codes),
            ("country", Text),
            ("scope", Text),
            ("topics", Codes),
            ("populations", Codes),
            ("lang", Text),
        ],
        lists: &[
            List {
                field: "actions",
                file: "organization_actions",
                parent: "organization",
                columns: &[("action", Text), ("url", Text)],
            },
            List {
                field: "operators",
                file: "organization_operators",
                parent: "organization",
                columns: &[("operator", Text), ("since", Date), ("until", Date)],
            },
            List {
                field: "sources",
                file: "organization_sources",
                parent: "organization",
                columns: SOURCES,
            },
            List {
                field: "translations",
                file: "organization_translations",
                parent: "organization",
                columns: TRANSLATED,
            },
        ],
    },
    Sheet {
        resource: Resource::Hotlines,
        columns: &[
            ("slug", Text),
            ("organization", Text),
            ("name", Text),
            ("description", Text),
            ("notes", Text),
            ("lang", Text),
            ("coverage", Codes),
            ("languages", Codes),
            ("interpreter_languages", Codes),
            ("hours", Hours),
            ("timezone", Text),
            ("always_open", Flag),
            ("topics", Codes),
            ("populations", Codes),
            ("age_min", Whole),
            ("age_max", Whole),
            ("anonymous", Flag),
            ("confidential", Flag),
            ("passed_to_police", Text),
            ("passed_to_immigration", Text),
            ("priority", Whole),
            ("show_together", Text),
        ],
        lists: &[
            List {
                field: "contact_points",
                file: "hotline_contact_points",
                parent: "hotline",
                columns: CONTACT_POINTS,
            },
            List {
                field: "sources",
                file: "hotline_sources",
                parent: "hotline",
                columns: SOURCES,
            },
            List {
                field: "translations",
                file: "hotline_translations",
                parent: "hotline",
                columns: &[
                    ("lang", Text),
                    ("translation", Text),
                    ("name", Text),
                    ("description", Text),
                    ("notes", Text),
                ],
            },
        ],
    },
    Sheet {
        resource: Resource::RegionalContacts,
        columns: &[
            ("slug", Text),
            ("organization", Text),
            ("name", Text),
            ("role", Text),
            ("role_title", Text),
            ("notes", Text),
            ("lang", Text),
            ("serves", Codes),
            ("country", Text),
            ("subdivision", Text),
            ("city", Text),
            ("postal_code", Text),
            ("address", Text),
            ("latitude", Text),
            ("longitude", Text),
            ("coordinate_precision", Text),
            ("website", Text),
            ("hours", Hours),
            ("timezone", Text),
        ],
        lists: &[
            List {
                field: "contact_points",
                file: "regional_contact_contact_points",
                parent: "regional_contact",
                columns: CONTACT_POINTS,
            },
            List {
                field: "sources",
                file: "regional_contact_sources",
                parent: "regional_contact",
                columns: SOURCES,
            },
            List {
                field: "translations",
                file: "regional_contact_translations",
                parent: "regional_contact",
                columns: &[
                    ("lang", Text),
                    ("translation", Text),
                    ("name", Text),
                    ("role_title", Text),
                    ("notes", Text),
                ],
            },
        ],
    },
    Sheet {
        resource: Resource::Statistics,
        columns: &[
            ("slug", Text),
            ("indicator", Text),
            ("title", Text),
            ("claim", Text),
            ("lang", Text),
            ("value", Text),
            ("low", Text),
            ("high", Text),
            ("qualifier", Text),
            ("unit", Text),
            ("population", Text),
            ("denominator", Text),
            ("sex", Text),
            ("age_band", Text),
            ("exploitation", Text),
            ("geography", Text),
            ("period_start", Date),
            ("period_end", Date),
            ("publisher", Text),
            ("published_on", Date),
            ("method_note", Text),
            ("caveat", Text),
            ("observation_status", Text),
            ("assessment", Text),
            ("baseline", Text),
            ("distribution", Text),
            ("share", Text),
            ("overlaps", Codes),
            ("superseded_by", Text),
        ],
        lists: &[
            List {
                field: "critiques",
                file: "critiques",
                parent: "statistic",
                columns: &[("source", Text), ("verdict", Text), ("summary", Text)],
            },
            List {
                field: "sources",
                file: "statistic_sources",
                parent: "statistic",
                columns: SOURCES,
            },
        ],
    },
];

impl Sheet {
    /// The sheet of a resource.
    pub fn of(resource: Resource) -> Option<&'static Self> {
        SHEETS.iter().find(|sheet| sheet.resource == resource)
    }
}

/// The names of all files, without their ending.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHEETS.iter().flat_map(|sheet| {
        let lists = sheet.lists.iter().map(|list| list.file);
        std::iter::once(sheet.resource.name()).chain(lists)
    })
}
