//! Translations of a record's texts, and which text is shown to whom: each says its language and
//! how it came into it, so that nothing falls back silently.

use super::{Invalid, labels::Translated, language, text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// Who translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Translator {
    /// A person translated or checked it.
    Human,
    /// A machine translated it, and nobody has checked it.
    Machine,
}

/// The texts of a record in one more language; what is left out is shown in the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TranslationInput {
    /// The language, BCP 47 in canonical form; none twice, and not that of the original.
    #[validate(custom(function = language::valid))]
    pub lang: String,
    #[schema(inline)]
    pub translation: Translator,
    /// The name, or the title.
    #[serde(default)]
    #[validate(length(max = 300), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: Option<String>,
    /// The title of the role; of regional contacts alone.
    #[serde(default)]
    #[validate(length(max = 300), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 300)]
    pub role_title: Option<String>,
    /// The description, or the definition; not of regional contacts, which have none.
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 2000)]
    pub description: Option<String>,
    /// The notes; of hotlines and regional contacts alone.
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = text::valid))]
    #[schema(min_length = 1, max_length = 2000)]
    pub notes: Option<String>,
}

impl TranslationInput {
    /// Its texts by field.
    fn texts(&self) -> [(&'static str, &Option<String>); 4] {
        [
            ("name", &self.name),
            ("role_title", &self.role_title),
            ("description", &self.description),
            ("notes", &self.notes),
        ]
    }
}

/// Checks the translations of a record: canonical languages, none twice and none the original's;
/// at least one text each, and only texts that the record has.
///
/// # Errors
/// With the first of them that does not fit.
pub fn fit(
    translations: &[TranslationInput],
    original: &str,
    fields: &[&str],
) -> Result<(), ValidationError> {
    let refused = |code, reason: &str, remedy: &str| {
        Err(Invalid::new(code, reason, remedy).at("translations").into())
    };
    let original = language::canonical(original).unwrap_or_default();
    for (place, one) in translations.iter().enumerate() {
        if language::canonical(&one.lang).as_ref() != Ok(&one.lang) {
            return refused(
                "language",
                "a language is not written in canonical form",
                "write it as es, zh-Hant or fil",
            );
        }
        if one.lang == original {
            return refused(
                "original",
                "a translation is in the language of the original",
                "change the original, or name another language",
            );
        }
        if translations[..place].iter().any(|two| two.lang == one.lang) {
            return refused(
                "twice",
                "a language stands twice",
                "keep one translation into each language",
            );
        }
        let texts = one.texts();
        let mut given = texts.iter().filter(|(_, text)| text.is_some());
        if given.clone().next().is_none() {
            return refused(
                "empty",
                "a translation has no text",
                "translate a text or leave the language out",
            );
        }
        if given.any(|(field, _)| !fields.contains(field)) {
            return refused(
                "field",
                "a translation has a text that this record cannot have",
                &format!("translate only {}", fields.join(", ")),
            );
        }
    }
    Ok(())
}

/// The language of a text, and how it came into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextLanguage {
    /// The language that the text is in, BCP 47.
    #[schema(example = "es")]
    pub lang: String,
    /// `none` for the original, `human` for a translation that a person made or checked,
    /// `machine` for one that nobody has checked. New values may be added.
    #[schema(value_type = String, example = "machine")]
    pub translation: Translated,
}

/// The languages of a record's texts by field, without those that are `null`.
pub type Texts = BTreeMap<&'static str, TextLanguage>;

/// A record's texts on their way to a reader.
#[derive(Debug)]
pub struct Shown<'a> {
    wanted: Vec<String>,
    original: &'a str,
    translations: &'a [TranslationInput],
    texts: Texts,
}

impl<'a> Shown<'a> {
    /// Starts with the language asked for, if any, that of the original, and what there is.
    pub fn new(
        wanted: Option<&str>,
        original: &'a str,
        translations: &'a [TranslationInput],
    ) -> Self {
        // Without translations nothing is looked for.
        let wanted = wanted.filter(|_| !translations.is_empty());
        Self {
            wanted: wanted.map(language::found_by).unwrap_or_default(),
            original,
            translations,
            texts: Texts::new(),
        }
    }

    /// A text in the language asked for or a shorter form of it (`es-MX` finds `es`), else in a
    /// longer one (`pt` finds `pt-BR`), else the original; notes which.
    pub fn text(
        &mut self,
        field: &'static str,
        original: String,
        of: fn(&TranslationInput) -> &Option<String>,
    ) -> String {
        let found = self.found(of);
        let (text, lang, translation) = match found {
            Some((one, text)) => {
                let translation = match one.translation {
                    Translator::Human => Translated::Human,
                    Translator::Machine => Translated::Machine,
                };
                (text.clone(), &*one.lang, translation)
            }
            None => (original, self.original, Translated::None),
        };
        let lang = lang.to_owned();
        self.texts.insert(field, TextLanguage { lang, translation });
        text
    }

    /// The same for a text that may be missing: then there is nothing to say.
    pub fn optional(
        &mut self,
        field: &'static str,
        original: Option<String>,
        of: fn(&TranslationInput) -> &Option<String>,
    ) -> Option<String> {
        original.map(|original| self.text(field, original, of))
    }

    /// A text that has no translations.
    pub fn untranslated(&mut self, field: &'static str, text: Option<&String>) {
        if text.is_some() {
            let (lang, translation) = (self.original.to_owned(), Translated::None);
            self.texts.insert(field, TextLanguage { lang, translation });
        }
    }

    /// A text whose language is known otherwise.
    pub fn said(&mut self, field: &'static str, language: Option<TextLanguage>) {
        self.texts
            .extend(language.map(|language| (field, language)));
    }

    /// What was noted.
    pub fn texts(self) -> Texts {
        self.texts
    }

    fn found(
        &self,
        of: fn(&TranslationInput) -> &Option<String>,
    ) -> Option<(&'a TranslationInput, &'a String)> {
        let with_text = |one: &'a TranslationInput| of(one).as_ref().map(|text| (one, text));
        for form in &self.wanted {
            if form == self.original {
                return None;
            }
            let mut all = self.translations.iter().filter(|one| one.lang == *form);
            if let Some(found) = all.find_map(with_text) {
                return Some(found);
            }
        }
        let longer = format!("{}-", self.wanted.first()?);
        if self.original.starts_with(&longer) {
            return None;
        }
        let mut all = self.translations.iter();
        all.by_ref()
            .filter(|one| one.lang.starts_with(&longer))
            .find_map(with_text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn into(lang: &str, name: &str) -> TranslationInput {
        TranslationInput {
            lang: lang.to_owned(),
            translation: Translator::Machine,
            name: Some(name.to_owned()),
            role_title: None,
            description: None,
            notes: None,
        }
    }

    #[test]
    fn the_nearest_language_is_shown_and_said() {
        let all = [into("es", "uno"), into("pt-BR", "um"), into("zh", "一")];
        for (wanted, text, lang) in [
            (None, "one", "en"),
            (Some("en-GB"), "one", "en"),
            (Some("es-MX"), "uno", "es"),
            (Some("pt"), "um", "pt-BR"),
            (Some("pt-PT"), "one", "en"),
            (Some("zh-Hant"), "一", "zh"),
            (Some("sw"), "one", "en"),
        ] {
            let mut shown = Shown::new(wanted, "en", &all);
            assert_eq!(shown.text("name", "one".to_owned(), |one| &one.name), text);
            shown.optional("notes", None, |one| &one.notes);
            let texts = shown.texts();
            assert_eq!(texts["name"].lang, lang, "{wanted:?}");
            assert_eq!(texts.len(), 1);
        }
    }

    #[test]
    fn translations_keep_their_rules() {
        let fits = |all: &[TranslationInput]| fit(all, "en", &["name"]).is_ok();
        assert!(fits(&[into("es", "uno"), into("fil", "isa")]));
        assert!(!fits(&[into("es", "uno"), into("es", "dos")]));
        assert!(!fits(&[into("en", "one")]));
        assert!(!fits(&[into("tl", "isa")]));
        let mut notes = into("es", "uno");
        notes.notes = Some("nota".to_owned());
        assert!(!fits(&[notes]));
        let mut empty = into("es", "uno");
        empty.name = None;
        assert!(!fits(&[empty]));
    }
}
