//! Bodies of requests.

use crate::{
    curation::{SuggestionInput, patched, whole},
    help::{self, HelpInput},
    ledger::{self, Document, Resource},
    search::{self, SearchInput},
    web::{
        body::{self, Body},
        posed::Posed,
    },
};
use actix_web::{FromRequest, test::TestRequest};
use futures_util::FutureExt;
use std::sync::LazyLock;
use tokio::runtime::{Builder, Runtime};

/// A body in JSON: its first byte says of what, from `0` on a resource, behind them questions and a suggestion.
pub fn body(bytes: &[u8]) -> bool {
    let Some((of, json)) = bytes.split_first() else {
        return false;
    };
    match Resource::ALL.get(usize::from(of.wrapping_sub(b'0'))) {
        Some(resource) => document(*resource, json),
        None => match of % 3 {
            0 => extracted::<Posed<HelpInput, help::Question>>(json),
            1 => extracted::<Posed<SearchInput, search::Question>>(json),
            _ => extracted::<Body<SuggestionInput>>(json),
        },
    }
}

/// The body of a request as a handler takes it.
fn extracted<T: FromRequest>(json: &[u8]) -> bool {
    static RUNTIME: LazyLock<Option<Runtime>> =
        LazyLock::new(|| Builder::new_current_thread().enable_time().build().ok());
    let _entered = RUNTIME.as_ref().map(Runtime::enter);
    let request = TestRequest::post()
        .insert_header(("Content-Type", "application/json"))
        .set_payload(json.to_vec());
    let (request, mut payload) = request.to_http_parts();
    // All of it is there: whoever waits now waits for ever.
    let read = T::from_request(&request, &mut payload).now_or_never();
    read.is_some_and(|read| read.is_ok())
}

/// A document that is new, and the same as a patch.
fn document(resource: Resource, json: &[u8]) -> bool {
    let Ok(value) = body::parse(json) else {
        return false;
    };
    let Ok(document) = whole(resource, value.clone(), None) else {
        return false;
    };
    let faults = ledger::invalid_values(0, &document);
    assert!(faults.is_empty(), "taken: {faults:?}");
    let Ok(kept) = serde_json::to_vec(&document.to_json().unwrap_or_default()) else {
        panic!("it does not serialise: {document:?}");
    };
    let read = body::parse(&kept).map(|kept| Document::read(resource, &kept).ok());
    assert_eq!(read.ok().flatten().as_ref(), Some(&document));
    for patch in [serde_json::json!({}), value] {
        let same = patched(resource, patch, &document, &document);
        assert_eq!(same.as_ref(), Ok(&document));
    }
    true
}
