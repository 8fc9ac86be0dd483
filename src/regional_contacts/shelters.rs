//! What calls a record one of a shelter, whose place is confidential: by law in many countries, and everywhere because who fled is
//! looked for.

use crate::values::text;
use std::sync::LazyLock;

/// What shelters are called in the languages of the interface and some more. What merely houses an office of theirs is
/// held to the same rule: a place that is left out costs a way, one that is told may cost a life.
const CALLED: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "shelter",
            "refuge",
            "safe house",
            "safehouse",
            "women's house",
            "transitional housing",
            "halfway house",
            "emergency housing",
            "accommodation for survivors",
            "accommodation for victims",
            "residential care",
        ],
    ),
    (
        "es",
        &[
            "casa de acogida",
            "casa refugio",
            "casa de refugio",
            "refugio",
            "albergue",
            "casa hogar",
            "hogar de paso",
            "casa de emergencia",
            "piso de acogida",
        ],
    ),
    (
        "fr",
        &[
            "foyer",
            "maison d'accueil",
            "centre d'hébergement",
            "maison d'hébergement",
            "hébergement d'urgence",
            "appartement protégé",
        ],
    ),
    (
        "pt",
        &[
            "abrigo",
            "casa de acolhimento",
            "casa de acolhida",
            "acolhimento institucional",
            "casa de passagem",
            "refúgio",
        ],
    ),
    ("ru", &["приют", "убежищ", "шелтер"]),
    (
        "ar",
        &[
            "مأوى",
            "ملجأ",
            "دار إيواء",
            "دار الإيواء",
            "مركز إيواء",
            "بيت آمن",
        ],
    ),
    (
        "zh",
        &[
            "庇护",
            "庇護",
            "收容",
            "避难所",
            "避難所",
            "中途之家",
            "安全屋",
        ],
    ),
    ("hi", &["आश्रय", "शरण स्थल", "शेल्टर", "स्वाधार"]),
    (
        "de",
        &[
            "frauenhaus",
            "frauenhäuser",
            "mädchenhaus",
            "schutzwohnung",
            "schutzhaus",
            "schutzunterkunft",
            "zufluchtswohnung",
            "zufluchtsstätte",
            "notunterkunft",
        ],
    ),
    (
        "fil",
        &[
            "bahay kalinga",
            "bahay-kalinga",
            "kanlungan",
            "bahay tuluyan",
            "bahay pag-asa",
        ],
    ),
    ("it", &["casa rifugio", "case rifugio", "casa protetta"]),
    (
        "nl",
        &[
            "opvanghuis",
            "vrouwenopvang",
            "blijf van mijn lijf",
            "safehuis",
        ],
    ),
    ("sv", &["skyddat boende", "kvinnoboende"]),
    ("no", &["krisesenter"]),
    ("da", &["krisecenter"]),
    ("pl", &["schronisk", "bezpieczny dom"]),
    ("uk", &["притулок", "притулк"]),
    ("ro", &["adăpost", "locuință protejată"]),
    ("tr", &["sığınma evi", "sığınmaevi", "kadın konukevi"]),
    ("fa", &["خانه امن", "پناهگاه"]),
    ("he", &["מקלט"]),
    ("ja", &["シェルター", "一時保護所"]),
    ("ko", &["쉼터", "보호시설"]),
    ("vi", &["nhà tạm lánh", "nhà an toàn"]),
    ("id", &["rumah aman", "rumah perlindungan"]),
    ("th", &["บ้านพักฉุกเฉิน", "สถานคุ้มครอง"]),
];

/// What has such a word in it and is none.
const OTHERWISE: [&str; 1] = ["refugee"];

static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    CALLED
        .iter()
        .flat_map(|(_, words)| *words)
        .map(|word| text::folded(word))
        .collect()
});

/// Whether a name or the title of a role says that it is a shelter.
pub fn calls(said: &str) -> bool {
    let mut said = text::folded(said);
    for word in OTHERWISE {
        said = said.replace(word, " ");
    }
    WORDS.iter().any(|word| said.contains(word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shelter_is_one_in_any_language() {
        for name in [
            "One Women's Shelter",
            "Women’s House",
            "Frauenhaus Musterstadt",
            "Casa Refugio Uno",
            "Foyer pour femmes",
            "Maison d’accueil",
            "Casa-Abrigo, ABRIGO",
            "Убежище для женщин",
            "دار الإيواء",
            "某市庇护中心",
            "Bahay Kalinga",
            "Kadın Konukevi",
            "FRAUENHÄUSER",
        ] {
            assert!(calls(name), "{name}");
        }
        for name in [
            "Refugee Agency",
            "Agencia de refugiados",
            "Police station",
            "Frauenberatung",
            "Casa do Cidadão",
            "Service des réfugiés",
        ] {
            assert!(!calls(name), "{name}");
        }
    }
}
