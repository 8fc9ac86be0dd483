//! HTML as a browser takes it apart.

use html5gum::{Token, Tokenizer, emitters::default::DefaultEmitter};
use std::collections::BTreeMap;

/// An element as it is opened, and the text up to the next one without blanks at its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
}

impl Element {
    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The elements of a page in their order.
pub fn elements(html: &str) -> Vec<Element> {
    let mut emitter = DefaultEmitter::default();
    // As a browser does behind <script>, <style>, <textarea> and <title>.
    emitter.naively_switch_states(true);
    let mut found: Vec<Element> = Vec::new();
    for token in Tokenizer::new_with_emitter(html, emitter) {
        match token.unwrap_or_else(|never| match never {}) {
            Token::StartTag(tag) => {
                let attributes = tag.attributes.iter();
                let attributes = attributes.map(|(name, value)| (words(name), words(value)));
                found.push(Element {
                    name: words(&tag.name),
                    attributes: attributes.collect(),
                    text: String::new(),
                });
            }
            Token::String(text) => {
                if let Some(last) = found.last_mut() {
                    last.text += &words(&text);
                }
            }
            Token::Comment(_) => panic!("a comment: {html}"),
            Token::Error(error) => panic!("{error:?}: {html}"),
            Token::EndTag(_) | Token::Doctype(_) => {}
        }
    }
    for one in &mut found {
        one.text = one.text.trim().to_owned();
    }
    found
}

/// Those of a name.
pub fn named<'a>(all: &'a [Element], name: &'a str) -> impl Iterator<Item = &'a Element> {
    all.iter().filter(move |one| one.name == name)
}

/// The place of the first whose text holds words.
pub fn place(all: &[Element], words: &str) -> usize {
    let place = all.iter().position(|one| one.text.contains(words));
    place.unwrap_or_else(|| panic!("{words} stands nowhere"))
}
