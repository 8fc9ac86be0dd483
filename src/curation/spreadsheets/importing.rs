//! What was brought becomes changes of the ledger, all of them or none.

use super::{
    checking::{failed, told},
    content::{Content, Form},
    faults::ImportError,
    origins::Origin,
    reading::Reader,
};
use crate::ledger::{self, Actor, Applied, ApplyError, Change};
use diesel_async::AsyncPgConnection;

/// Records read whole, each with where it stands.
pub struct Reading {
    changes: Vec<Change>,
    origins: Vec<Origin>,
    in_book: Option<bool>,
}

impl Reading {
    /// How many records there are.
    pub fn records(&self) -> u64 {
        self.changes.len() as u64
    }

    /// The same, of which none may have changed since a revision of the directory.
    pub fn unmoved_since(mut self, revision: i64) -> Self {
        for change in &mut self.changes {
            let since = change.unmoved_since.unwrap_or(revision);
            change.unmoved_since = Some(since.min(revision));
        }
        self
    }
}

/// Reads everything that was brought.
///
/// # Errors
/// Everything that is wrong in it.
pub fn read(content: &Content) -> Result<Reading, ImportError> {
    let (mut reader, _) = Reader::new(content)?;
    let (mut changes, mut origins) = (Vec::new(), Vec::new());
    while let Some(part) = reader.part() {
        for found in part {
            let (change, origin) = found.change();
            changes.push(change);
            origins.push(origin);
        }
    }
    if reader.faults > 0 {
        reader.place();
        return Err(ImportError::Wrong(reader.wrong));
    }
    Ok(Reading {
        changes,
        origins,
        in_book: match content.form {
            Form::Folder | Form::Zip => Some(false),
            Form::Xlsx => Some(true),
            Form::Ndjson => None,
        },
    })
}

/// Makes the directory so. Records that were not brought stay as they are. `step` is called once a
/// record.
///
/// # Errors
/// When anything does not fit or the database fails; nothing is written then.
pub async fn import(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    reason: &str,
    reading: Reading,
    step: &(dyn Fn() + Sync),
) -> Result<Applied, ImportError> {
    let Reading {
        changes,
        origins,
        in_book,
    } = reading;
    match ledger::apply(connection, actor, reason, changes, step).await {
        Ok(applied) => Ok(applied),
        Err(ApplyError::Refused(faults)) => {
            let wrong = faults.into_iter().filter_map(|fault| {
                let origin = origins.get(fault.change).or(origins.last())?;
                Some(origin.wrong(in_book, &fault.pointer, told(fault.invalid)))
            });
            Err(ImportError::Wrong(wrong.collect()))
        }
        Err(error) => Err(failed(error)),
    }
}
