//! What becomes a link. Records hold what people wrote; only what calls, writes or leads to the
//! web may be followed.

/// An address that begins with one of these, and holds nothing that browsers take out or show
/// otherwise.
fn begins<'a>(uri: &'a str, starts: &[&str]) -> Option<&'a str> {
    let plain = uri.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let begins = |start: &&str| {
        let own = uri.get(..start.len());
        own.is_some_and(|own| own.eq_ignore_ascii_case(start)) && uri.len() > start.len()
    };
    (plain && starts.iter().any(begins)).then_some(uri)
}

/// The address of a record that becomes a link; `None` for one that stays text.
pub fn linkable(uri: &str) -> Option<&str> {
    begins(uri, &["tel:", "sms:", "mailto:", "https://"])
}

/// Whether a link leads to the web, and not to another program.
pub fn is_web(uri: &str) -> bool {
    begins(uri, &["https://"]).is_some()
}

/// Where a way out may lead.
pub fn way_out(uri: &str) -> Option<&str> {
    begins(uri, &["https://", "http://"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_no_links() {
        for good in [
            "tel:911",
            "sms:55501?body=HELP",
            "mailto:a@b.example",
            "HTTPS://one.example/",
        ] {
            assert_eq!(linkable(good), Some(good));
        }
        for bad in [
            "javascript:alert(1)",
            " javascript:alert(1)",
            "java\tscript:alert(1)",
            "\u{1}https://one.example/",
            "http://one.example/",
            "//one.example/",
            "data:text/html,x",
            "tel:",
            "https://",
            "https:one",
            "",
            "é",
            "tel:9\n11",
        ] {
            assert_eq!(linkable(bad), None, "{bad:?}");
            assert!(!is_web(bad), "{bad:?}");
        }
        assert_eq!(way_out("javascript:alert(1)"), None);
        assert!(way_out("http://one.example/").is_some());
    }
}
