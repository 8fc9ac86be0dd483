//! What is asked of `/v1/help`, as the document describes it: in the address, or in a body.

use crate::values::{
    contact_point::Channel,
    describe::{CountryCode, LanguageTag, Moment, Point, SlugOrId, SubdivisionCode, ZoneName},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Where somebody is, what they need, and when. One of `country`, `subdivision` and `near` is
/// needed; repeated values combine by OR.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HelpInput {
    /// The country that help is sought in.
    #[schema(value_type = Option<CountryCode>)]
    #[param(value_type = Option<CountryCode>)]
    pub country: Option<String>,
    /// The part of a country; its country need not be given beside it.
    #[schema(value_type = Option<SubdivisionCode>)]
    #[param(value_type = Option<SubdivisionCode>)]
    pub subdivision: Option<String>,
    /// A point instead; it is turned into a subdivision or country here and forgotten at once.
    /// Better put into the body of a POST, since addresses stay in histories.
    #[schema(value_type = Option<Point>)]
    #[param(value_type = Option<Point>)]
    pub near: Option<String>,
    /// What it is about, see `/v1/topics`.
    #[serde(default)]
    #[schema(value_type = Vec<SlugOrId>, max_items = 50)]
    #[param(value_type = Vec<SlugOrId>, required = false, style = Form, explode, max_items = 50)]
    pub topic: Vec<String>,
    /// For whom, see `/v1/populations`.
    #[serde(default)]
    #[schema(value_type = Vec<SlugOrId>, max_items = 50)]
    #[param(value_type = Vec<SlugOrId>, required = false, style = Form, explode, max_items = 50)]
    pub population: Vec<String>,
    /// How old they are, in years.
    #[schema(minimum = 0, maximum = 120)]
    #[param(minimum = 0, maximum = 120)]
    pub age: Option<u8>,
    /// Languages that they speak.
    #[serde(default)]
    #[schema(value_type = Vec<LanguageTag>, max_items = 50)]
    #[param(value_type = Vec<LanguageTag>, required = false, style = Form, explode, max_items = 50)]
    pub language: Vec<String>,
    /// Ways in which they can make contact.
    #[serde(default)]
    #[schema(inline, max_items = 50)]
    #[param(inline, value_type = Vec<Channel>, required = false, style = Form, explode, max_items = 50)]
    pub channel: Vec<Channel>,
    /// When: `now`, which is meant without it, or a moment within a year of now.
    #[schema(value_type = Option<Moment>)]
    #[param(value_type = Option<Moment>)]
    pub at: Option<String>,
    /// The zone that times are given in; without it they are in the zone of each line, which is
    /// named.
    #[schema(value_type = Option<ZoneName>)]
    #[param(value_type = Option<ZoneName>)]
    pub tz: Option<String>,
    /// The country they call from, where it is another one: what cannot be dialled from there is
    /// left out.
    #[schema(value_type = Option<CountryCode>)]
    #[param(value_type = Option<CountryCode>)]
    pub dialable_from: Option<String>,
    /// The language of the answer; the `Accept-Language` header decides without it.
    #[schema(value_type = Option<LanguageTag>)]
    #[param(value_type = Option<LanguageTag>)]
    pub lang: Option<String>,
    /// How many contacts at most; a group that is shown together stays whole.
    #[schema(minimum = 1, maximum = 100)]
    #[param(minimum = 1, maximum = 100, default = 6)]
    pub limit: Option<u8>,
}
