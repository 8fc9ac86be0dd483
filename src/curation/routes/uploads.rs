//! Large bodies of what is imported.

use crate::{
    curation::spreadsheets::{Form, LARGEST},
    values::Invalid,
    web::{Problem, Result, connection::PATIENCE, problem::ErrorDetail},
};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use futures_util::StreamExt;
use std::{future::Future, pin::Pin};

/// How much longer than other bodies a large one may take to come.
const PATIENT: u32 = 18;

/// A large body in one of the forms of imports.
pub struct Upload {
    /// The form that its media type says.
    pub form: Form,
    /// All of it.
    pub bytes: Vec<u8>,
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let named = |name| {
            request
                .headers()
                .get(name)
                .and_then(|one| one.to_str().ok())
        };
        let kind = named(header::CONTENT_TYPE).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let form = match kind.to_ascii_lowercase().as_str() {
            "application/zip" => Some(Form::Zip),
            "application/x-ndjson" => Some(Form::Ndjson),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Some(Form::Xlsx),
            _ => None,
        };
        let length = named(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
        let mut payload = payload.take();
        Box::pin(async move {
            let form = form.ok_or(Problem::UnsupportedMediaType)?;
            if length.is_some_and(|length| length > LARGEST) {
                return Err(Problem::TooLarge);
            }
            let mut bytes = Vec::with_capacity(length.unwrap_or(0));
            let reading = async {
                while let Some(chunk) = payload.next().await {
                    let chunk =
                        chunk.map_err(|_| broken("the body was cut off", "send it whole"))?;
                    if bytes.len() + chunk.len() > LARGEST {
                        return Err(Problem::TooLarge);
                    }
                    bytes.extend_from_slice(&chunk);
                }
                Ok(())
            };
            let read = tokio::time::timeout(PATIENCE * PATIENT, reading).await;
            read.map_err(|_| Problem::TooSlow)??;
            if bytes.is_empty() {
                return Err(broken("the body is empty", "send the file as the body"));
            }
            Ok(Self { form, bytes })
        })
    }
}

fn broken(reason: &str, remedy: &str) -> Problem {
    let invalid = Invalid::new("body", reason, remedy);
    Problem::Malformed(vec![ErrorDetail::pointer("", invalid)])
}
