//! Selected situations with the sentences of their reasons.

use super::{LINES, answered, memory, question};

/// The reasons of one line in an answer.
fn reasons(slug: &str, query: &str, at: &str) -> Vec<String> {
    let help = answered(&memory(LINES.iter()), &question(query, at));
    let contact = help.contacts.iter().find(|one| one.slug == slug);
    let reasons = contact.map(|one| one.reasons.iter());
    reasons.unwrap().map(|reason| reason.text.clone()).collect()
}

/// A Wednesday, in Berlin at four in the afternoon.
const AT: &str = "2026-03-04T15:00:00Z";

#[test]
fn reasons_are_sentences() {
    let cases: &[(&str, &str, &str, &[&str])] = &[
        (
            "ph-verified",
            "country=PH",
            AT,
            &[
                "Serves Philippines",
                "Open at all hours",
                "Verified 3 days ago",
            ],
        ),
        (
            "ph-verified",
            "country=PH",
            "2026-03-01T15:00:00Z",
            &["Serves Philippines", "Open at all hours", "Verified today"],
        ),
        (
            "ph-source-newer",
            "country=PH",
            AT,
            &[
                "Serves Philippines",
                "Open at all hours",
                "Source is 48 days old; verified before that",
            ],
        ),
        (
            "ph-hidden-verified",
            "country=PH",
            AT,
            &[
                "Serves Philippines",
                "Not confirmed for over a year",
                "Open at all hours",
            ],
        ),
        (
            "de-office",
            "country=DE",
            AT,
            &[
                "Serves Germany",
                "Open now until 17:00 (Europe/Berlin)",
                "Not verified; source is 31 days old",
            ],
        ),
        (
            "de-office",
            "country=DE&tz=Asia/Manila",
            AT,
            &[
                "Serves Germany",
                "Open now until 2026-03-05 00:00 (Asia/Manila)",
                "Not verified; source is 31 days old",
            ],
        ),
        (
            "de-office",
            "country=DE",
            "2026-03-07T11:00:00Z",
            &[
                "Serves Germany",
                "Closed now; opens 2026-03-09 09:00 (Europe/Berlin)",
                "Not verified; source is 34 days old",
            ],
        ),
        (
            "de-arranged",
            "country=DE&language=de",
            AT,
            &[
                "Serves Germany",
                "By arrangement: by appointment",
                "Speaks German",
                "Not verified; source is 31 days old",
            ],
        ),
        (
            "de-late",
            "country=DE&topic=sex_trafficking",
            "2026-03-04T22:30:00Z",
            &[
                "Serves Germany",
                "May be open: no closing time is given",
                "Does not say which topics it serves",
                "Not verified; source is 31 days old",
            ],
        ),
        (
            "us-ca-line",
            "country=US",
            AT,
            &[
                "Serves a part of the country: California",
                "Open at all hours",
                "Not verified; source is 31 days old",
            ],
        ),
        (
            "nz-adults",
            "country=NZ&population=children",
            AT,
            &[
                "Serves New Zealand",
                "Open at all hours",
                "For other people",
                "Not verified; source is 31 days old",
                "Shown together with Line nz-children, Line nz-old-member",
            ],
        ),
        (
            "be-nl",
            "country=BE&language=nl",
            AT,
            &[
                "Serves Belgium",
                "Open at all hours",
                "Speaks Dutch",
                "Not verified; source is 31 days old",
                "Shown together with Line be-fr",
            ],
        ),
        (
            "gb-sex",
            "country=GB&topic=sex_trafficking&population=survivors&age=20",
            AT,
            &[
                "Serves United Kingdom",
                "Open at all hours",
                "For Sex trafficking",
                "For Survivors",
                "Serves age 20",
                "Not verified; source is 31 days old",
            ],
        ),
        (
            "gb-labour",
            "country=GB&population=survivors&age=20",
            AT,
            &[
                "Serves United Kingdom",
                "Open at all hours",
                "For Survivors",
                "Does not say for which ages it is",
                "Not verified; source is 31 days old",
            ],
        ),
        (
            "ca-mail",
            "country=CA&channel=tty&dialable_from=US",
            AT,
            &[
                "Serves Canada",
                "Open at all hours",
                "Cannot be reached by text telephone (TTY)",
                "Not verified; source is 31 days old",
            ],
        ),
        (
            "ca-text",
            "country=CA&channel=sms&channel=chat",
            AT,
            &[
                "Serves Canada",
                "Open at all hours",
                "Can be reached by chat, text message (SMS)",
                "Not verified; source is 31 days old",
            ],
        ),
        (
            "ch-interpreted",
            "country=CH&language=fr&language=de&lang=es",
            AT,
            &[
                "Atiende en Suiza",
                "Abierto a todas horas",
                "Idioma: alemán",
                "Sin verificar; la fuente tiene 31 días",
            ],
        ),
        (
            "world-form",
            "near=-45,-120&lang=es",
            AT,
            &[
                "Último recurso: atiende en todo el mundo",
                "Sin confirmar desde hace más de un año",
                "No se conoce el horario",
            ],
        ),
        (
            "au-free",
            "country=AU&lang=es",
            AT,
            &[
                "Atiende en Australia",
                "Abierto a todas horas",
                "Sin verificar; la fuente tiene 31 días",
                "La llamada es gratuita",
            ],
        ),
        (
            "au-first",
            "country=AU&lang=de",
            AT,
            &[
                "Zuständig für: Australien",
                "Rund um die Uhr geöffnet",
                "Von der Redaktion nach vorn gestellt",
                "Nicht überprüft; die Quelle ist 109 Tage alt",
            ],
        ),
    ];
    let mut wrong = Vec::new();
    for (slug, query, at, expected) in cases {
        let found = reasons(slug, query, at);
        if found != *expected {
            wrong.push(format!("{slug} {query} {at}\n  {found:?}\n  {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn asked_contact_points_come_first() {
    let help = answered(
        &memory(LINES.iter()),
        &question("country=CA&channel=web_form", AT),
    );
    let two = help.contacts.iter().find(|one| one.slug == "ca-two");
    let points = two.unwrap().contact_points.iter();
    let channels: Vec<&str> = points.map(|point| point.channel.name()).collect();
    assert_eq!(channels, ["web_form", "phone"]);
    assert_eq!(help.more_contacts, 0);
}

#[test]
fn what_a_limit_leaves_out_is_counted() {
    let memory = memory(LINES.iter());
    for (query, shown, more) in [
        ("country=NZ&limit=1", 3, 3),
        ("country=NZ&limit=3", 4, 2),
        ("country=NZ&limit=100", 6, 0),
        ("subdivision=IN-MH&limit=1", 2, 3),
    ] {
        let help = answered(&memory, &question(query, AT));
        assert_eq!(
            (help.contacts.len(), help.more_contacts),
            (shown, more),
            "{query}"
        );
    }
}

#[test]
fn lines_that_cannot_be_dialled_are_told_where_nothing_else_is() {
    let short = LINES
        .iter()
        .filter(|line| line.input.slug == "us-ca-dialled");
    let memory = memory(short);
    for (query, told) in [
        (
            "subdivision=US-NY",
            "Lines are known for New York that cannot be dialled from New York",
        ),
        (
            "country=US&dialable_from=GB",
            "Lines are known for United States that cannot be dialled from United Kingdom",
        ),
    ] {
        let help = answered(&memory, &question(query, AT));
        let notice = help.notices.iter().find(|one| one.code == "not_dialable");
        assert_eq!(notice.unwrap().text, told);
        assert!(help.contacts.is_empty());
    }
    let help = answered(&memory, &question("country=US", AT));
    assert_eq!((help.contacts.len(), help.notices.len()), (1, 0));
}
