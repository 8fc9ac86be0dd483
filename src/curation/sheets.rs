//! How documents stand in spreadsheets: one file a resource, one a nested list with the slug of
//! its parent first. The same tables read and write, so that what goes out comes in again.

use crate::ledger::Resource;
use serde_json::{Map, Value};

/// How a cell holds its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// As it stands; empty is unknown.
    Text,
    /// Codes joined by `;`.
    Codes,
    /// `true` or `false`; empty is unknown.
    Flag,
    /// A whole number; empty is unknown.
    Whole,
}

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

use Cell::{Codes, Flag, Text, Whole};

const SOURCES: &[Column] = &[
    ("source", Text),
    ("locator", Text),
    ("published_on", Text),
    ("retrieved_on", Text),
];
const CONTACT_POINTS: &[Column] = &[
    ("channel", Text),
    ("value", Text),
    ("e164", Text),
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
                columns: &[("operator", Text), ("since", Text), ("until", Text)],
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
            ("hours", Text),
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
            ("hours", Text),
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
            ("period_start", Text),
            ("period_end", Text),
            ("publisher", Text),
            ("published_on", Text),
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

impl Cell {
    /// The JSON value of a cell.
    ///
    /// # Errors
    /// When the text is none of its values.
    pub fn read(self, text: &str) -> Result<Value, &'static str> {
        match self {
            Self::Codes if text.is_empty() => Ok(Value::Array(Vec::new())),
            Self::Codes => Ok(text
                .split(';')
                .map(|code| Value::String(code.to_owned()))
                .collect()),
            _ if text.is_empty() => Ok(Value::Null),
            Self::Text => Ok(Value::String(text.to_owned())),
            Self::Flag => match text {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                _ => Err("it is neither true nor false; empty means unknown"),
            },
            Self::Whole => text
                .parse::<i32>()
                .map(Value::from)
                .map_err(|_| "it is no whole number"),
        }
    }

    /// The text of a JSON value.
    pub fn write(value: &Value) -> String {
        match value {
            Value::Null | Value::Object(_) => String::new(),
            Value::String(text) => text.clone(),
            Value::Array(codes) => codes.iter().map(Self::write).collect::<Vec<_>>().join(";"),
            other => other.to_string(),
        }
    }
}

/// The cells of an object.
pub fn cells(columns: &[Column], object: &Map<String, Value>) -> Vec<String> {
    columns
        .iter()
        .map(|(name, _)| object.get(*name).map_or_else(String::new, Cell::write))
        .collect()
}
