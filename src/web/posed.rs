//! Questions that may be put in a body: what a person asks then stands in no address.

use super::{FromParams, Params, Problem, body};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{future::Future, marker::PhantomData, pin::Pin};

/// A question of the form `Form` in a JSON body, read by the rules of the same parameters in an
/// address. The parameters of the address itself stay unread.
#[derive(Debug)]
pub struct Posed<Form, T> {
    /// What was asked.
    pub value: T,
    form: PhantomData<Form>,
}

impl<Form, T> FromRequest for Posed<Form, T>
where
    Form: DeserializeOwned + Serialize + 'static,
    T: FromParams + 'static,
{
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = body::question::<Form>(request, payload);
        Box::pin(async move {
            let fields = serde_json::to_value(form.await?)
                .map_err(|error| Problem::Internal(error.to_string()))?;
            let Value::Object(fields) = fields else {
                return Err(Problem::Internal("a question is no object".into()));
            };
            let mut params = Params::of_body(&fields);
            let value = T::from_params(&mut params);
            params.finish()?;
            Ok(Self {
                value,
                form: PhantomData,
            })
        })
    }
}
