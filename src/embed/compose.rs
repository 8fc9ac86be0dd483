//! The module that others load: the quick exit, the words that show before any answer, and the
//! component, as one text. What a reader of the source needs and a browser does not is left out.

use super::words;
use crate::values::labels::LANGUAGES;
use serde_json::{Map, Value};

/// The quick exit, which pages of this service also take by itself.
const EXIT: &str = include_str!("exit.js");
const COMPONENT: &str = include_str!("component.js");

/// What is said before any answer: these words come with the module in all languages, so that the
/// way out is there at once. The others, of one language, come beside the answer.
const BEFORE: [&str; 8] = [
    "exit",
    "exit_keys",
    "exit_limit",
    "help_here",
    "loading",
    "failed",
    "use_shown",
    "retry",
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

/// The module.
pub fn module() -> String {
    let said: Map<String, Value> = LANGUAGES
        .iter()
        .map(|lang| {
            let texts = BEFORE.iter().filter_map(|key| words::word(key, lang));
            ((*lang).to_owned(), texts.collect())
        })
        .collect();
    let (keys, said) = (Value::from(BEFORE.to_vec()), Value::Object(said));
    let [exit, component] = [EXIT, COMPONENT].map(bare);
    format!("{NOTICE}{exit}const KEYS = {keys};\nconst WORDS = {said};\n{component}")
}

/// All words that the module may say in a language; `None` for one that is not there.
pub fn words_of(lang: &str) -> Option<Map<String, Value>> {
    let known = LANGUAGES.contains(&lang);
    known.then(|| words::spoken(lang, COMPONENT.split('"').skip(1).step_by(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_finds_what_it_says() {
        let words = words_of("en").unwrap();
        let said = COMPONENT.split("say(\"").skip(1);
        let said: Vec<&str> = said.filter_map(|rest| rest.split('"').next()).collect();
        assert!(said.len() > 20, "{said:?}");
        for key in said.into_iter().chain(BEFORE) {
            assert!(words.contains_key(key), "{key} is no word");
        }
        for label in [
            "channel.tty",
            "kind.hotlines",
            "picture.compiled",
            "reason.not_confirmed",
        ] {
            assert!(words.contains_key(label), "{label} is no word");
        }
        assert!(words_of("xx").is_none());
    }

    #[test]
    fn the_module_is_one_text_without_comments() {
        let module = module();
        let comments = module.lines().filter(|line| line.starts_with("//"));
        assert_eq!(comments.count(), 1);
        assert!(module.contains("\"مغادرة هذه الصفحة\"") && module.contains("quickExit = "));
        assert!(EXIT.contains(&format!("DEFAULT = \"{EXIT_TO}\"")));
        assert!(exit().contains("location.replace") && !exit().contains("customElements"));
        for sink in ["innerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            assert!(!module.contains(sink), "{sink}");
        }
    }
}
