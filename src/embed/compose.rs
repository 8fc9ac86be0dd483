//! The modules that others load: the way out, the words that show before any answer, what all modules share,
//! and what each adds, as one text. What a reader of the source needs and a browser does not is left out.

use super::words;
use crate::values::labels::LANGUAGES;
use serde_json::{Map, Value};

/// The quick exit, which pages of this service also take by itself.
const EXIT: &str = include_str!("exit.js");
const SHARED: &str = include_str!("shared.js");

/// A module before it is composed.
#[derive(Debug)]
pub struct Source {
    /// The name of its file, without the ending.
    pub name: &'static str,
    /// What the files of its words begin with.
    words: &'static str,
    /// What it adds to what all share.
    own: &'static str,
    /// What is said before any answer: these words come with the module in all languages, so that they
    /// are there at once. The others, of one language, come beside the answer.
    before: &'static [&'static str],
}

/// The modules.
pub const SOURCES: [Source; 2] = [
    Source {
        name: "lodestar",
        words: "",
        own: include_str!("component.js"),
        before: &["exit", "loading", "failed", "use_shown", "retry"],
    },
    Source {
        name: "figure",
        words: "figure.",
        own: include_str!("figure.js"),
        before: &["exit", "figure_loading", "figure_failed", "retry"],
    },
];

const NOTICE: &str = concat!(
    "// Lodestar ",
    env!("CARGO_PKG_VERSION"),
    ", MIT OR Apache-2.0. Composed of src/embed, where it is explained.\n"
);

/// Where the quick exit leads when nobody says otherwise, as its script has it.
pub const EXIT_TO: &str = "https://weather.com/";

/// Without indentation and without lines that only comment.
pub fn bare(source: &str) -> String {
    let lines = source.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The quick exit as a script by itself.
pub fn exit() -> String {
    format!("{NOTICE}{}", bare(EXIT))
}

impl Source {
    /// The module.
    pub fn module(&self) -> String {
        let said: Map<String, Value> = LANGUAGES
            .iter()
            .map(|lang| {
                let texts = self.before.iter().filter_map(|key| words::word(key, lang));
                ((*lang).to_owned(), texts.collect())
            })
            .collect();
        let (keys, said) = (Value::from(self.before.to_vec()), Value::Object(said));
        let [exit, shared, own] = [EXIT, SHARED, self.own].map(bare);
        format!("{NOTICE}{exit}const KEYS = {keys};\nconst WORDS = {said};\n{shared}{own}")
    }

    /// Everything that it mentions between quotation marks, words among it.
    fn mentioned(&self) -> impl Iterator<Item = &'static str> {
        let quoted = |source: &'static str| source.split('"').skip(1).step_by(2);
        let before = self.before.iter().copied();
        quoted(SHARED).chain(quoted(self.own)).chain(before)
    }

    /// The file of its words in each language, and these words.
    pub fn words(&self) -> impl Iterator<Item = (String, Map<String, Value>)> {
        LANGUAGES.iter().map(|lang| {
            let words = words::spoken(lang, self.mentioned());
            (format!("{}{lang}.json", self.words), words)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_find_what_they_say() {
        for source in SOURCES {
            let english = source.words().next().unwrap();
            assert_eq!(english.0, format!("{}en.json", source.words));
            let said = [SHARED, source.own].map(|text| text.split("say(\"").skip(1));
            let said = said.into_iter().flatten();
            let said: Vec<&str> = said.filter_map(|rest| rest.split('"').next()).collect();
            assert!(said.len() > 10, "{said:?}");
            for key in said.into_iter().chain(source.before.iter().copied()) {
                assert!(
                    english.1.contains_key(key),
                    "{}: {key} is no word",
                    source.name
                );
            }
        }
        for (source, label) in [
            (0, "channel.tty"),
            (0, "kind.hotlines"),
            (0, "reason.not_confirmed"),
            (1, "picture.disputed"),
            (1, "picture.population"),
            (1, "picture.denominator"),
            (1, "assessment.retracted"),
            (1, "assessment.superseded"),
            (1, "observation_status.estimated"),
            (1, "observation_status.suppressed"),
        ] {
            let words = SOURCES[source].words().next().unwrap().1;
            assert!(words.contains_key(label), "{label} is no word");
        }
    }

    #[test]
    fn modules_are_one_text_without_comments() {
        for source in SOURCES {
            let module = source.module();
            let comments = module.lines().filter(|line| line.starts_with("//"));
            assert_eq!(comments.count(), 1);
            assert!(module.contains("quickExit = "));
            for sink in [
                "innerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "DOMParser",
            ] {
                assert!(!module.contains(sink), "{sink}");
            }
        }
        assert!(SOURCES[0].module().contains("\"مغادرة هذه الصفحة\""));
        assert!(EXIT.contains(&format!("DEFAULT = \"{EXIT_TO}\"")));
        assert!(exit().contains("location.replace") && !exit().contains("customElements"));
    }
}
