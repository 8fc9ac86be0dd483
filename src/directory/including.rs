//! What `include=` may name.

use crate::{
    values::access::Asked,
    web::{FromParams, Params, parse::one_of},
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
    const NAMES: &'static [(&'static str, Self)] =
        &[("indicator", Self::Indicator), ("sources", Self::Sources)];
}

/// What shall be brought, and what a key may see.
pub struct Including<I> {
    pub asked: Vec<I>,
    pub access: Option<Asked>,
}

impl<I: Include> FromParams for Including<I> {
    fn from_params(params: &mut Params) -> Self {
        Self {
            asked: params.list("include", one_of(I::NAMES)),
            access: params.access(),
        }
    }
}
