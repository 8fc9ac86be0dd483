//! What `include=` may name.

use super::model::WithIncluded;
use crate::{
    values::{access::Asked, translation::Texts},
    web::{FromParams, Params, formats::Streamed, parse::one_of},
};
use utoipa::ToSchema;

/// What can be brought beside an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum OrganizationInclude {
    Hotlines,
    RegionalContacts,
    Sources,
}

/// What can be brought beside a hotline or a regional contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ContactInclude {
    Organization,
    Sources,
}

/// What can be brought beside an observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum StatisticInclude {
    Indicator,
    Sources,
    Critiques,
    Revisions,
}

/// What can be brought beside a page of observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ListInclude {
    Indicator,
    Sources,
    Critiques,
}

/// Names of what can be brought.
pub trait Include: Copy + 'static {
    const NAMES: &'static [(&'static str, Self)];
}

impl Include for OrganizationInclude {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("hotlines", Self::Hotlines),
        ("regional_contacts", Self::RegionalContacts),
        ("sources", Self::Sources),
    ];
}

impl Include for ContactInclude {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("organization", Self::Organization),
        ("sources", Self::Sources),
    ];
}

impl Include for StatisticInclude {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("indicator", Self::Indicator),
        ("sources", Self::Sources),
        ("critiques", Self::Critiques),
        ("revisions", Self::Revisions),
    ];
}

impl Include for ListInclude {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("indicator", Self::Indicator),
        ("sources", Self::Sources),
        ("critiques", Self::Critiques),
    ];
}

/// The languages of a record's texts and of those that were brought with it.
pub fn texts<T: Streamed>(answer: &WithIncluded<T>) -> Vec<&Texts> {
    let mut texts: Vec<&Texts> = answer.record.texts().into_iter().collect();
    if let Some(included) = &answer.included {
        texts.extend(included.organization.iter().map(|one| &one.text));
        texts.extend(included.hotlines.iter().flatten().map(|one| &one.text));
        let contacts = included.regional_contacts.iter().flatten();
        texts.extend(contacts.map(|one| &one.text));
        texts.extend(included.indicator.iter().map(|one| &one.text));
        if let Some(revisions) = &included.revisions {
            let others = revisions.earlier.iter().chain(&revisions.superseding);
            texts.extend(others.map(|one| &one.text));
        }
    }
    texts
}

/// What shall be brought, what a key may see, and in which language.
pub struct Including<I> {
    pub asked: Vec<I>,
    pub access: Option<Asked>,
    pub lang: Option<String>,
}

impl<I: Include> FromParams for Including<I> {
    fn from_params(params: &mut Params) -> Self {
        Self {
            asked: params.list("include", one_of(I::NAMES)),
            access: params.access(),
            lang: params.lang(),
        }
    }
}
