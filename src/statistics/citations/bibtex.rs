//! BibTeX, for LaTeX and everything that imports it.
//!
//! Written here because the crate `biblatex`, which reads it well, writes a backslash as a line
//! break and a tilde as an accent.

use super::{Cited, Partial, month};

/// Text that LaTeX prints as it stands. Braces are named, since BibTeX counts escaped ones too.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '#' | '$' | '%' | '&' | '_' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// An address, which is printed verbatim: what would end the field is percent-encoded.
fn verbatim(url: &str) -> String {
    let encoded = url.chars().map(|c| match c {
        '{' | '}' | '\\' | ' ' | '"' | '<' | '>' => format!("%{:02X}", u32::from(c)),
        c => c.to_string(),
    });
    encoded.collect()
}

fn iso(date: Partial) -> String {
    let mut text = format!("{:04}", date.year);
    for part in [date.month, date.day].into_iter().map_while(|part| part) {
        text += &format!("-{part:02}");
    }
    text
}

/// The reference of a figure's source as one entry. A second pair of braces keeps capitals, and
/// the names of organizations in one piece.
pub fn bibtex(cited: &Cited<'_>) -> String {
    let whole = |text: &str| format!("{{{{{}}}}}", escaped(text));
    let field = |text: &str| format!("{{{}}}", escaped(text));
    let issued = cited.issued();
    let named = |date: Partial| Some(month(date.month?)?.get(..3)?.to_lowercase());
    let fields = [
        ("author", cited.document.publisher.as_deref().map(whole)),
        ("title", Some(whole(&cited.document.title))),
        ("year", issued.map(|date| format!("{{{}}}", date.year))),
        ("month", issued.and_then(named)),
        ("date", issued.map(|date| format!("{{{}}}", iso(date)))),
        (
            "pages",
            cited
                .page()
                .map(|page| format!("{{{}}}", page.replace(['-', '–'], "--"))),
        ),
        (
            "url",
            Some(format!("{{{}}}", verbatim(&cited.document.url))),
        ),
        (
            "urldate",
            cited.accessed().map(|date| format!("{{{}}}", iso(date))),
        ),
        ("note", cited.note().as_deref().map(field)),
        ("annote", Some(field(&cited.cited_for()))),
    ];
    let fields = fields
        .into_iter()
        .filter_map(|(name, text)| Some(format!("  {name} = {},\n", text?)));
    let fields: String = fields.collect();
    format!("@misc{{{},\n{fields}}}\n", cited.statistic.slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_printed_as_it_stands() {
        assert_eq!(
            escaped(r#"50% of "A & B" {x_1} \ ~ ^ é العربية }"#),
            r#"50\% of "A \& B" \textbraceleft{}x\_1\textbraceright{} \textbackslash{} \textasciitilde{} \textasciicircum{} é العربية \textbraceright{}"#
        );
        let text = escaped("}}{ \\{");
        assert_eq!(text.matches('{').count(), text.matches('}').count());
        assert_eq!(
            verbatim("https://a.example/{x}\\y?z=%20"),
            "https://a.example/%7Bx%7D%5Cy?z=%20"
        );
    }
}
