//! How parameters are described in the document: the same limits that the extractor keeps.

use super::{figure::UNITS, place::Country};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};

macro_rules! described {
    ($($(#[$doc:meta])+ $name:ident = $object:expr;)+) => {$(
        $(#[$doc])+
        #[derive(Debug)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let object: ObjectBuilder = $object;
                RefOr::T(Schema::Object(object.schema_type(Type::String).build()))
            }
        }

        impl ToSchema for $name {}
    )+};
}

/// Degrees north as the patterns of points and boxes have them.
macro_rules! latitude {
    () => {
        "-?(0?[0-8]?[0-9](\\.[0-9]{1,12})?|0?90(\\.0{1,12})?)"
    };
}

/// Degrees east.
macro_rules! longitude {
    () => {
        "-?((1[0-7][0-9]|0?[0-9]{1,2})(\\.[0-9]{1,12})?|180(\\.0{1,12})?)"
    };
}

fn text(description: &str) -> ObjectBuilder {
    ObjectBuilder::new().description(Some(description))
}

described! {
    /// A country of the closed list.
    CountryCode = text("ISO 3166-1 alpha-2, and XK for Kosovo.")
        .enum_values(Some(Country::all().map(|country| country.code)));
    /// A file.
    FileBytes = text("The bytes of a file.")
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
        .min_length(Some(1));
    /// A file of lines.
    FileLines = text("Lines of JSON, one a record.").min_length(Some(1));
    /// A slug or an id.
    SlugOrId = text("The slug or the id (UUID) of a record.")
        .min_length(Some(1))
        .max_length(Some(120))
        .pattern(Some("^[A-Za-z0-9]+([-_][A-Za-z0-9]+)*$"));
    /// An ISO 3166-2 code.
    SubdivisionCode = text("ISO 3166-2; a code that the table lacks answers 422.")
        .min_length(Some(4))
        .max_length(Some(6))
        .pattern(Some("^[A-Z]{2}-[A-Z0-9]{1,3}$"));
    /// A country, subdivision, M49 region or the world.
    AreaCode = text("ISO 3166-1 alpha-2, ISO 3166-2, UN M49 or WLD; a code that no table has answers 422.")
        .min_length(Some(2))
        .max_length(Some(6))
        .pattern(Some("^(WLD|[0-9]{3}|[A-Z]{2}(-[A-Z0-9]{1,3})?)$"));
    /// A geography of statistics.
    GeographyCode = text("ISO 3166-1 alpha-2, ISO 3166-2, UN M49, EU, WLD or a publisher's region; a code that no table has answers 422.")
        .min_length(Some(2))
        .max_length(Some(6))
        .pattern(Some("^(WLD|X[A-Z]{2}|[0-9]{3}|[A-Z]{2}(-[A-Z0-9]{1,3})?)$"));
    /// A unit of figures.
    UnitName = text("A unit of figures.").enum_values(Some(UNITS));
    /// A value of the dimension sex.
    SexName = text("A value of the dimension `sex`.").enum_values(Some(["female", "male", "both"]));
    /// Ages in years.
    AgeBand = text("Ages in years: from and to, or from on; the lower first, else 422.")
        .min_length(Some(2))
        .max_length(Some(7))
        .pattern(Some("^[0-9]{1,3}(-[0-9]{1,3}|\\+)$"));
    /// A BCP 47 tag.
    LanguageTag = text("BCP 47, such as en, es or zh-Hant; a tag that is not well-formed answers 422.")
        .min_length(Some(2))
        .max_length(Some(35))
        .pattern(Some("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"));
    /// A moment.
    Moment = text("`now`, or RFC 3339; one that is more than a year away answers 422.")
        .min_length(Some(3))
        .max_length(Some(40))
        .pattern(Some(r"^(now|[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))$"));
    /// An IANA zone.
    ZoneName = text("A time zone of the IANA database, such as Asia/Manila; a name that it lacks answers 422.")
        .min_length(Some(3))
        .max_length(Some(40))
        .pattern(Some("^[A-Za-z]+([A-Za-z0-9_+/-]+)*$"));
    /// A date that may lack day and month.
    PartialDate = text("A day, month or year from 1500 to 2200; one that the calendar lacks answers 422.")
        .min_length(Some(4))
        .max_length(Some(10))
        .pattern(Some("^(1[5-9][0-9]{2}|2[01][0-9]{2}|2200)(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"));
    /// An earlier time of the directory.
    AsOfText = text("A day, month or year (its end in UTC), a moment (RFC 3339), or `revision:` with a number; the future, and a day that the calendar lacks, answer 4xx.")
        .min_length(Some(1))
        .max_length(Some(40))
        .pattern(Some(r"^(revision:[0-9]{1,18}|(1[5-9][0-9]{2}|2[01][0-9]{2})(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8])(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))?)?)?)$"));
    /// A value of the dimension sex.
    SexOrNone = text("`female`, `male` or `both`; `none` for figures that are not broken down by it, `any` for all.")
        .enum_values(Some(["female", "male", "both", "none", "any"]));
    /// A value of the dimension age band.
    AgeBandOrNone = text("Ages in years, such as 0-17 or 18+, the lower first, else 422; `none` for figures that are not broken down by them, `any` for all.")
        .min_length(Some(2))
        .max_length(Some(7))
        .pattern(Some(r"^(none|any|[0-9]{1,3}(\+|-[0-9]{1,3}))$"));
    /// A value of the dimension exploitation.
    SlugOrNone = text("A slug; `none` for figures that are not broken down by it, `any` for all.")
        .min_length(Some(1))
        .max_length(Some(120))
        .pattern(Some("^[A-Za-z0-9]+([-_][A-Za-z0-9]+)*$"));
    /// A point on the earth.
    Point = text("Latitude and longitude in degrees, joined by a comma; outside ±90 and ±180 answers 422.")
        .min_length(Some(3))
        .max_length(Some(35))
        .pattern(Some(concat!("^", latitude!(), ",", longitude!(), "$")));
    /// A box on the earth.
    BoundingBox = text("West, south, east, north in degrees, joined by commas (RFC 7946); west may exceed east across the antimeridian.")
        .min_length(Some(7))
        .max_length(Some(71))
        .pattern(Some(concat!("^", longitude!(), ",", latitude!(), ",", longitude!(), ",", latitude!(), "$")));
    /// Words, a name.
    Words = text("Plain text; characters that control, hide or reorder text answer 422.")
        .min_length(Some(1))
        .max_length(Some(200))
        .pattern(Some(r"^[^\u0000-\u001F\u007F-\u009F\u00AD\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\uFFFD]+$"));
}
