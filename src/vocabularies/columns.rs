//! The flat views of vocabularies.

use super::model::{Indicator, Population, Source, Topic};
use crate::values::translation::Texts;
use crate::web::formats::Streamed;

impl Streamed for Topic {
    const FILE: &'static str = "topics";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("id", "id"),
        ("slug", "slug"),
        ("name", "name"),
        ("axis", "axis"),
        ("description", "description"),
        ("revision", "revision"),
        ("last_modified", "last_modified"),
        ("licence", "licence"),
        ("name_lang", "text.name.lang"),
        ("name_translation", "text.name.translation"),
        ("description_lang", "text.description.lang"),
        ("description_translation", "text.description.translation"),
    ];

    fn slug(&self) -> &str {
        &self.slug
    }

    fn texts(&self) -> Option<&Texts> {
        Some(&self.text)
    }
}

impl Streamed for Population {
    const FILE: &'static str = "populations";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("id", "id"),
        ("slug", "slug"),
        ("name", "name"),
        ("description", "description"),
        ("revision", "revision"),
        ("last_modified", "last_modified"),
        ("licence", "licence"),
        ("name_lang", "text.name.lang"),
        ("name_translation", "text.name.translation"),
        ("description_lang", "text.description.lang"),
        ("description_translation", "text.description.translation"),
    ];

    fn slug(&self) -> &str {
        &self.slug
    }

    fn texts(&self) -> Option<&Texts> {
        Some(&self.text)
    }
}

impl Streamed for Source {
    const FILE: &'static str = "sources";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("id", "id"),
        ("slug", "slug"),
        ("title", "title"),
        ("publisher", "publisher"),
        ("url", "url"),
        ("licence", "licence"),
        ("attribution", "attribution"),
        ("revision", "revision"),
        ("last_modified", "last_modified"),
    ];

    fn slug(&self) -> &str {
        &self.slug
    }
}

impl Streamed for Indicator {
    const FILE: &'static str = "indicators";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("id", "id"),
        ("slug", "slug"),
        ("title", "title"),
        ("definition", "definition"),
        ("unit", "unit"),
        ("kind", "kind"),
        ("revision", "revision"),
        ("last_modified", "last_modified"),
        ("licence", "licence"),
        ("title_lang", "text.title.lang"),
        ("title_translation", "text.title.translation"),
        ("definition_lang", "text.definition.lang"),
        ("definition_translation", "text.definition.translation"),
    ];

    fn slug(&self) -> &str {
        &self.slug
    }

    fn texts(&self) -> Option<&Texts> {
        Some(&self.text)
    }
}
