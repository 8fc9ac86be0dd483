//! Who may do what: every operation of the document, asked by everybody, of records in every
//! state, against one table, `authorization.csv`. What is not declared there fails.

mod strangers;
mod table;
pub mod world;

use std::collections::{BTreeSet, HashMap};
use table::{Case, PEOPLE, Table, Wanted, cases};
use world::{Subject, World};

/// Parts of the table, each tried by one test.
const PARTS: [&str; 4] = ["reads", "documents", "acts", "others"];

fn part_of(case: &Case) -> &'static str {
    let aside = ["/v1/proposals", "/v1/keys", "/v1/suggestions"];
    match case.method.as_str() {
        "GET" => "reads",
        _ if aside.iter().any(|one| case.path.starts_with(one)) => "others",
        "POST" if case.path.contains("/{reference}/") => "acts",
        _ => "documents",
    }
}

#[test]
fn the_table_declares_every_cell_once_and_nothing_else() {
    let (table, cases) = (Table::read(), cases());
    let (mut wrong, mut used) = (Vec::new(), BTreeSet::new());
    let (mut cells, mut unsettled) = (0, 0);
    for case in &cases {
        for state in &case.states {
            match table.row(case, state) {
                Ok(row) => {
                    used.insert(row.line);
                    cells += row.cells.len();
                    let differing = row.cells.iter().filter(|one| one.rule != one.code);
                    unsettled += differing.count();
                }
                Err(words) => wrong.push(words),
            }
        }
    }
    let idle = table.rows.iter().filter(|row| !used.contains(&row.line));
    wrong.extend(idle.map(|row| format!("line {} is about nothing", row.line)));
    assert!(wrong.is_empty(), "authorization.csv:\n{}", wrong.join("\n"));
    let tried = PARTS.map(|part| {
        let own = cases.iter().filter(|case| part_of(case) == part);
        own.map(|case| case.states.len() * PEOPLE.len()).sum()
    });
    assert_eq!(tried.iter().sum::<usize>(), cells, "{tried:?} are tried");
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    println!(
        "{cells} of {cells} cells are declared and tried: {} operations by {} identities, in {} rows; in {unsettled} the code differs from the rule",
        ids.len(),
        PEOPLE.len(),
        table.rows.len(),
    );
}

/// A cell to be tried: what is asked, of a record in which state, by whom, what it is answered,
/// and the place of the record among those made for it.
type Cell<'a> = (&'a Case, &'static str, usize, Wanted, Option<usize>);

/// Every cell of a part, and the records that they need: one each for what changes something; what
/// is refused and what only reads leaves its record as it was, which is checked.
fn cells<'a>(table: &Table, cases: &'a [Case]) -> (Vec<Cell<'a>>, Vec<(String, &'static str)>) {
    let (mut cells, mut records) = (Vec::new(), Vec::new());
    let mut shared: HashMap<(&str, &str), usize> = HashMap::new();
    for case in cases {
        for state in &case.states {
            let row = table.row(case, state).unwrap();
            for (person, wanted) in row.cells.iter().enumerate() {
                let stands = case.record(state);
                let place = stands.map(|stands| {
                    let mut new = || {
                        records.push((case.resource.clone(), stands));
                        records.len() - 1
                    };
                    match case.reads() || wanted.code >= 400 {
                        true => *shared.entry((&case.resource, stands)).or_insert_with(new),
                        false => new(),
                    }
                });
                cells.push((case, *state, person, *wanted, place));
            }
        }
    }
    (cells, records)
}

/// Tries every cell of a part.
async fn try_part(part: &str) {
    let table = Table::read();
    let cases: Vec<Case> = cases()
        .into_iter()
        .filter(|case| part_of(case) == part)
        .collect();
    let (cells, records) = cells(&table, &cases);
    let mut world = World::new().await;
    let subjects = world.records(&records).await;
    let (mut wrong, mut before) = (Vec::new(), world.moved().await);
    for (case, state, person, wanted, place) in &cells {
        let subject = place.map_or_else(Subject::missing, |place| subjects[place].clone());
        let who = PEOPLE[*person].0;
        let request = world.request(case, state, *person, &subject).await;
        // What was made to be asked about does not count.
        if *state != "-" {
            before = world.moved().await;
        }
        let answer = world.site.ask(request).await;
        let after = world.moved().await;
        let cell = format!("{} as {who}", case.named(state));
        if answer.status != wanted.code {
            let also = match wanted.rule == wanted.code {
                true => String::new(),
                false => format!(" (so far; by the rule {})", wanted.rule),
            };
            wrong.push(format!(
                "{cell}: {}{also} declared, {} answered: {}",
                wanted.code,
                answer.status,
                answer.text()
            ));
        }
        let moved: Vec<i64> = after.iter().zip(&before).map(|(a, b)| a - b).collect();
        let fits = match answer.status {
            status if case.reads() || status >= 400 => moved == [0, 0, 0, 0, 0],
            202 if case.id == "create_suggestion" => moved == [0, 0, 0, 1, 0],
            202 => moved == [0, 1, 0, 0, 0],
            _ => moved[1] == 0 && moved[3] == 0,
        };
        if !fits {
            wrong.push(format!(
                "{cell}: {} answered, {moved:?} moved",
                answer.status
            ));
        }
        before = after;
    }
    println!(
        "{part}: {} cells tried, {} records",
        cells.len(),
        records.len()
    );
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cells.len(),
        wrong.join("\n")
    );
}

#[actix_web::test]
async fn everybody_reads_what_the_table_says() {
    try_part("reads").await;
}

#[actix_web::test]
async fn everybody_writes_what_the_table_says() {
    try_part("documents").await;
}

#[actix_web::test]
async fn everybody_publishes_hides_and_restores_what_the_table_says() {
    try_part("acts").await;
}

#[actix_web::test]
async fn everybody_proposes_decides_and_tells_what_the_table_says() {
    try_part("others").await;
}
