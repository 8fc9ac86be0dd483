//! What goes wrong again and again is logged when it begins and when it ends.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex},
};

/// By what was tried, why it last failed.
static TROUBLES: LazyLock<Mutex<HashMap<&'static str, &'static str>>> =
    LazyLock::new(Mutex::default);

/// Notes how a try ended that is repeated for as long as the process lives; `what` says what was tried.
pub fn note(what: &'static str, tried: Result<(), &'static str>) {
    let mut troubles = TROUBLES.lock().unwrap_or_else(|lock| lock.into_inner());
    match tried {
        Ok(()) => {
            if troubles.remove(what).is_some() {
                log::info!(target: "lodestar::db", "{what}: works again");
            }
        }
        Err(why) => {
            if troubles.insert(what, why) != Some(why) {
                log::warn!(target: "lodestar::db", "{what}: {why}");
            }
        }
    }
}
