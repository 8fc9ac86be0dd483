//! What handlers take from an address: valid parameters, a name in the path.

use super::{
    identity::identity,
    language::{self, Spoken},
    params::{FromParams, Params},
    parse,
    problem::Problem,
};
use crate::values::access::Asked;
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use std::future::{Ready, ready};

/// Valid query parameters, and their canonical form.
#[derive(Debug)]
pub struct Query<T> {
    /// What was asked.
    pub value: T,
    /// The same in one order and one spelling.
    pub canonical: String,
}

impl<T: FromParams + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = || {
            let mut params = Params::decode(request.query_string())?
                .by(identity(request)?)
                .accepting(language::accepted(request));
            let value = T::from_params(&mut params);
            if let Some(lang) = params.spoken() {
                Spoken::note(request, lang);
            }
            let canonical = params.canonical();
            params.finish()?;
            Ok(Self { value, canonical })
        };
        ready(read())
    }
}

/// The id or slug in a path: whatever can be neither names nothing.
#[derive(Debug)]
pub struct Named(pub String);

impl FromRequest for Named {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parts = request.match_info();
        let part = parts.get("reference").or_else(|| parts.get("code"));
        let part = part.map(str::to_owned);
        ready(
            part.filter(|part| parse::reference(part).is_ok())
                .map(Self)
                .ok_or(Problem::NotFound),
        )
    }
}

/// For single records: a key may ask for one that is not public; and the language.
#[derive(Debug)]
pub struct Reading {
    /// What a key may see.
    pub access: Option<Asked>,
    /// In which language; `None` for the original.
    pub lang: Option<String>,
}

impl FromParams for Reading {
    fn from_params(params: &mut Params) -> Self {
        Self {
            access: params.access(),
            lang: params.lang(),
        }
    }
}

/// For routes that ask for the language alone.
#[derive(Debug)]
pub struct InLanguage(pub Option<String>);

impl FromParams for InLanguage {
    fn from_params(params: &mut Params) -> Self {
        Self(params.lang())
    }
}

/// For routes without parameters: any parameter is refused.
#[derive(Debug)]
pub struct NoParams;

impl FromParams for NoParams {
    fn from_params(_: &mut Params) -> Self {
        Self
    }
}
