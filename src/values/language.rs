//! Languages: BCP 47 tags in canonical form.

use super::Invalid;
use icu_locale::LocaleDirectionality;
use icu_locale_core::LanguageIdentifier;
use oxilangtag::LanguageTag;
use validator::ValidationError;

/// Codes that mean the same language; the second is canonical (IANA preferred values, and the
/// CLDR aliases of Tagalog and Norwegian).
const ALIASES: [(&str, &str); 7] = [
    ("in", "id"),
    ("iw", "he"),
    ("ji", "yi"),
    ("jw", "jv"),
    ("mo", "ro"),
    ("nb", "no"),
    ("tl", "fil"),
];

/// A language tag in canonical form: subtags in their usual case, aliases replaced.
///
/// # Errors
/// When the tag is not well-formed BCP 47 with a language of two or three letters.
pub fn canonical(tag: &str) -> Result<String, Invalid> {
    let refused = || {
        Invalid::new(
            "language",
            "it is no language tag",
            "use a BCP 47 tag such as en, es or zh-Hant",
        )
    };
    let parsed = LanguageTag::parse_and_normalize(tag).map_err(|_| refused())?;
    let primary = parsed.primary_language();
    // Of a tag for private use alone, such as x-1, all of it is the primary language.
    let letters = primary.bytes().all(|b| b.is_ascii_alphabetic());
    if !(2..=3).contains(&primary.len()) || !letters || tag.len() > 35 {
        return Err(refused());
    }
    let rest = &parsed.as_str()[primary.len()..];
    let alias = ALIASES.iter().find(|(old, _)| *old == primary);
    Ok(format!("{}{rest}", alias.map_or(primary, |(_, new)| *new)))
}

/// What a tag is found by: its canonical form and each shorter one (`zh-Hant` also by `zh`).
pub fn found_by(tag: &str) -> Vec<String> {
    let mut tag = canonical(tag).unwrap_or_else(|_| tag.to_owned());
    let mut forms = vec![tag.clone()];
    while let Some(cut) = tag.rfind('-') {
        tag.truncate(cut);
        forms.push(tag.clone());
    }
    forms
}

/// The language of a tag and how it is written, without region and variant: `es` of `es-MX`. Where
/// the region writes Chinese in traditional characters it is `zh-Hant`. `None` for what is no tag.
pub fn written(tag: &str) -> Option<String> {
    let tag = canonical(tag).ok()?;
    // Behind a single letter stands what is no script, such as the digits of ar-u-nu-latn.
    let mut parts = tag.split('-').take_while(|part| part.len() > 1);
    let (primary, mut script) = (parts.next()?, None);
    for part in parts {
        match part {
            part if part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()) => {
                script = script.or(Some(part));
            }
            "TW" | "HK" | "MO" if primary == "zh" => script = script.or(Some("Hant")),
            _ => {}
        }
    }
    Some(match script {
        Some(script) => format!("{primary}-{script}"),
        None => primary.to_owned(),
    })
}

/// Whether a language is written from right to left.
pub fn right_to_left(tag: &str) -> bool {
    let parsed: Option<LanguageIdentifier> = tag.parse().ok();
    let directions = LocaleDirectionality::new_common();
    parsed.is_some_and(|parsed| directions.is_right_to_left(&parsed))
}

/// A well-formed tag, for the validator.
///
/// # Errors
/// As [`canonical`].
pub fn valid(tag: &str) -> Result<(), ValidationError> {
    canonical(tag).map(drop).map_err(Into::into)
}

/// Well-formed tags, none twice.
///
/// # Errors
/// As [`canonical`], or when an entry stands twice.
pub fn valid_list(tags: &[String]) -> Result<(), ValidationError> {
    tags.iter().try_for_each(|tag| valid(tag))?;
    super::slug::distinct(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_filipino_by_tagalog_and_chinese_by_script() {
        assert_eq!(canonical("tl").as_deref(), Ok("fil"));
        assert_eq!(canonical("ZH-hant").as_deref(), Ok("zh-Hant"));
        assert_eq!(found_by("zh-Hant"), ["zh-Hant", "zh"]);
        assert_eq!(written("es-MX").as_deref(), Some("es"));
        assert_eq!(written("zh-TW").as_deref(), Some("zh-Hant"));
        assert_eq!(written("zh-Hans-TW").as_deref(), Some("zh-Hans"));
        assert_eq!(written("ar-u-nu-latn").as_deref(), Some("ar"));
        assert!(canonical("english").is_err());
        assert!(canonical("x-1").is_err());
        let rtl = ["ar", "he", "fa-AF", "ur", "ku-Arab"];
        assert!(rtl.into_iter().all(right_to_left));
        assert!(
            ["en", "zh", "hi", "qaa", "?"]
                .into_iter()
                .all(|tag| !right_to_left(tag))
        );
    }
}
