//! Plain text after the seventh edition of the style of the American Psychological Association.

use super::{Cited, Partial, month, sentence};

/// Year, month and day as far as they are known, `n.d.` for no date.
fn published(date: Option<Partial>) -> String {
    let Some(date) = date else {
        return "n.d.".to_owned();
    };
    let named = date.month.and_then(month);
    match (named, date.day) {
        (Some(name), Some(day)) => format!("{}, {name} {day}", date.year),
        (Some(name), None) => format!("{}, {name}", date.year),
        (None, _) => date.year.to_string(),
    }
}

/// Author, date, title, and from where it was retrieved when; without an author the title goes
/// first. A line below says what became of the figure and where in the source it stands, if there is
/// anything to say, and the last one what it is cited for.
pub fn apa(cited: &Cited<'_>) -> String {
    let date = format!("({}).", published(cited.issued()));
    let page = cited.page();
    let title = match page {
        Some(page) if page.contains(['-', '–']) => {
            format!("{} (pp. {page}).", cited.document.title)
        }
        Some(page) => format!("{} (p. {page}).", cited.document.title),
        None => sentence(&cited.document.title),
    };
    let head = match &cited.document.publisher {
        Some(publisher) => format!("{} {date} {title}", sentence(publisher)),
        None => format!("{title} {date}"),
    };
    let url = &cited.document.url;
    let retrieved = cited.accessed().and_then(|date| {
        let (name, day) = (date.month.and_then(month)?, date.day?);
        Some(format!("Retrieved {name} {day}, {}, from {url}", date.year))
    });
    let note = cited.note().map(|note| format!("{note}\n"));
    format!(
        "{head} {}\n{}Cited for: {}\n",
        retrieved.unwrap_or_else(|| url.clone()),
        note.unwrap_or_default(),
        cited.cited_for(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_their_precision() {
        let shown = |text| published(Partial::parse(text));
        assert_eq!(shown("2008"), "2008");
        assert_eq!(shown("2008-04"), "2008, April");
        assert_eq!(shown("2008-04-03"), "2008, April 3");
        assert_eq!(published(None), "n.d.");
    }

    #[test]
    fn sentences_end_once() {
        assert_eq!(sentence("A B"), "A B.");
        assert_eq!(sentence("Is it? "), "Is it?");
        assert_eq!(sentence("“Is it?”"), "“Is it?”");
        assert_eq!(sentence("Inc."), "Inc.");
    }
}
