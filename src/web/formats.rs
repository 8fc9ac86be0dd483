//! Formats: JSON pages, and whole selections as streams of CSV, NDJSON and GeoJSON. A stream
//! holds one batch in memory, whatever the size of the selection.

use super::{
    Problem,
    conditional::{self, Caching},
    json,
    language::Spoken,
    state::{self, Directory},
    turns,
};
use crate::values::{Invalid, digest, translation::Texts};
use actix_web::{HttpRequest, HttpResponse, http::header};
use bytes::Bytes;
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use futures_util::stream;
use serde::Serialize;
use serde_json::Value;
use std::rc::Rc;
use utoipa::ToSchema;

/// How many records a batch of a stream holds.
pub const BATCH: i64 = 500;
/// Bytes of a record, more or less.
const RECORD: usize = 1536;

/// A format of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Format {
    /// A page in the envelope of HSDS.
    Json,
    /// The whole selection, one row a record: a flat view for reading.
    Csv,
    /// The whole selection, one JSON object a line.
    Ndjson,
    /// The whole selection as a GeoJSON FeatureCollection (RFC 7946).
    Geojson,
}

/// `json` is a page in the envelope of HSDS; `csv` (one row a record) and `ndjson` (one object a
/// line) are the whole selection.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a description; the value parsed is Format")]
pub enum TabularFormat {
    /// A page in the envelope of HSDS.
    Json,
    /// The whole selection, one row a record.
    Csv,
    /// The whole selection, one JSON object a line.
    Ndjson,
}

/// `json` is a page in the envelope of HSDS; `csv` (one row a record), `ndjson` (one object a
/// line) and `geojson` (a FeatureCollection) are the whole selection.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a description; the value parsed is Format")]
pub enum PlacedFormat {
    /// A page in the envelope of HSDS.
    Json,
    /// The whole selection, one row a record.
    Csv,
    /// The whole selection, one JSON object a line.
    Ndjson,
    /// The whole selection as a GeoJSON FeatureCollection.
    Geojson,
}

const NAMES: [(&str, Format, &str); 4] = [
    ("json", Format::Json, "application/json"),
    ("csv", Format::Csv, "text/csv"),
    ("ndjson", Format::Ndjson, "application/x-ndjson"),
    ("geojson", Format::Geojson, "application/geo+json"),
];

impl Format {
    /// The format of a name.
    ///
    /// # Errors
    /// When there is no such format.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        NAMES
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, format, _)| *format)
            .ok_or_else(|| {
                Invalid::new(
                    "not_in_list",
                    "there is no such format",
                    "use json, csv or ndjson; regional contacts also come as geojson",
                )
            })
    }

    fn media_type(self) -> &'static str {
        NAMES[self as usize].2
    }

    /// The format to answer in: the one asked for by name, else the best that the Accept header
    /// takes of those offered.
    ///
    /// # Errors
    /// 406 when it takes none of them; 400 when the named one is not offered here.
    pub fn negotiate(
        asked: Option<Self>,
        request: &HttpRequest,
        offered: &'static [Self],
    ) -> Result<Self, Problem> {
        if let Some(format) = asked {
            return match offered.contains(&format) {
                true => Ok(format),
                false => Err(not_offered(offered)),
            };
        }
        let types = offered.iter().map(|format| format.media_type());
        preferred(request, types)
            .map(|place| offered[place])
            .ok_or(Problem::NotAcceptable(match offered.len() {
                1 => "application/json",
                3 => "application/json, text/csv, application/x-ndjson",
                _ => "application/json, text/csv, application/x-ndjson, application/geo+json",
            }))
    }
}

/// The place of the media type that the Accept header takes best, the first of equals; without
/// the header the first. `None` when it takes none of them.
pub fn preferred(
    request: &HttpRequest,
    offered: impl IntoIterator<Item = &'static str>,
) -> Option<usize> {
    let ranges: Vec<(String, f32)> = request
        .headers()
        .get_all(header::ACCEPT)
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .map(conditional::weighted)
        .filter(|(range, _)| !range.is_empty())
        .map(|(range, weight)| (range.to_ascii_lowercase(), weight))
        .collect();
    if ranges.is_empty() {
        return Some(0);
    }
    let weights = offered.into_iter().map(|one| weight_of(&ranges, one));
    let taken = weights.enumerate().filter(|(_, weight)| *weight > 0.0);
    let best = taken.reduce(|best, one| if one.1 > best.1 { one } else { best });
    best.map(|(place, _)| place)
}

/// The weight of the most specific range that holds a media type.
fn weight_of(ranges: &[(String, f32)], media_type: &str) -> f32 {
    let group = media_type
        .split_once('/')
        .map_or(media_type, |(group, _)| group);
    let wide = format!("{group}/*");
    [media_type, wide.as_str(), "*/*"]
        .iter()
        .find_map(|wanted| ranges.iter().find(|(range, _)| range == wanted))
        .map_or(0.0, |(_, weight)| *weight)
}

fn not_offered(offered: &[Format]) -> Problem {
    let names: Vec<&str> = offered
        .iter()
        .map(|format| NAMES[*format as usize].0)
        .collect();
    Problem::Malformed(vec![super::problem::ErrorDetail::parameter(
        "format",
        Invalid::new(
            "not_in_list",
            "this list does not come in that format",
            format!("use one of {}", names.join(", ")),
        ),
    )])
}

/// The formats of most lists.
pub const TABULAR: &[Format] = &[Format::Json, Format::Csv, Format::Ndjson];
/// The formats of lists with places.
pub const PLACED: &[Format] = &[Format::Json, Format::Csv, Format::Ndjson, Format::Geojson];
/// The only format of single records.
pub const JSON: &[Format] = &[Format::Json];

/// A record as a stream carries it.
pub trait Streamed: Serialize {
    /// The name of the file, without its ending.
    const FILE: &'static str;
    /// The columns of the flat view: a name, and where the value stands. `*` takes all entries
    /// of a list, joined by `;`.
    const COLUMNS: &'static [(&'static str, &'static str)];
    /// What the next batch starts after.
    fn slug(&self) -> &str;
    /// In which languages its texts are.
    fn texts(&self) -> Option<&Texts> {
        None
    }
    /// Longitude and latitude, for GeoJSON.
    fn point(&self) -> Option<(f64, f64)> {
        None
    }
}

/// After which slug a stream goes on behind a batch, unless that is its last.
fn following<T: Streamed>(batch: &[T]) -> Option<String> {
    let last = batch.last().filter(|_| batch.len() as i64 >= BATCH);
    last.map(|record| record.slug().to_owned())
}

impl Directory {
    /// Streams a whole selection, batch by batch in short statements, ordered by slug.
    ///
    /// # Errors
    /// Those of the first batch; a later one cuts the answer off.
    pub async fn stream<T: Streamed + 'static>(
        &self,
        request: &HttpRequest,
        canonical: &str,
        caching: Caching,
        format: Format,
        batch: impl AsyncFn(&mut AsyncPgConnection, Option<String>) -> QueryResult<Vec<T>> + 'static,
    ) -> Result<HttpResponse, Problem> {
        let revision = self.revision()?;
        let identity = format!(
            "{}|{revision}|{}|{}|{}|{}",
            request.path(),
            self.today(),
            format.media_type(),
            Spoken::key(request),
            state::understood(request, canonical)
        );
        let etag = format!("\"{}\"", digest::tag(identity.as_bytes()));
        let fresh = conditional::matches(request, std::iter::once(etag.as_str()));
        let mut response = match fresh {
            true => HttpResponse::NotModified(),
            false => HttpResponse::Ok(),
        };
        response
            .insert_header((header::ETAG, etag))
            .insert_header((header::CACHE_CONTROL, caching.header()))
            .insert_header((header::VARY, Spoken::vary(request)))
            .insert_header((header::LINK, self.beside(format)))
            .insert_header((super::front::REVISION, revision.number.to_string()));
        if fresh {
            return Ok(response.finish());
        }
        if format == Format::Csv {
            let name = format!("attachment; filename=\"{}.csv\"", T::FILE);
            response.insert_header((header::CONTENT_DISPOSITION, name));
        }
        let turn = Rc::new(turns::stream(self.network(request))?);
        // The first batch is read before the status is sent, so that a failure is a problem.
        let first = async |connection: &mut AsyncPgConnection| Ok(batch(connection, None).await?);
        let records = Box::pin(self.read(caching, first)).await?;
        let after = following(&records);
        turn.hold(encoded(format, &records, true, after.is_none())?)?;
        let (directory, batch) = (self.clone(), Rc::new(batch));
        let body = stream::try_unfold(after, move |after| {
            let (turn, directory, batch) = (Rc::clone(&turn), directory.clone(), Rc::clone(&batch));
            async move {
                if let Some(piece) = turn.piece()? {
                    return Ok(Some((piece, after)));
                }
                let Some(after) = after else {
                    return Ok(None);
                };
                let next = async |connection: &mut AsyncPgConnection| {
                    Ok(batch(connection, Some(after)).await?)
                };
                let pulse = &directory.shared.pulse;
                let records = pulse.while_there(directory.read(caching, next)).await??;
                let after = following(&records);
                turn.hold(encoded(format, &records, false, after.is_none())?)?;
                let piece = turn.piece()?.unwrap_or_default();
                Ok::<_, Problem>(Some((piece, after)))
            }
        });
        Ok(response.content_type(format.media_type()).streaming(body))
    }
}

/// Records that are in memory already, as one flat view.
///
/// # Errors
/// 500 when they do not serialise.
pub fn table<T: Streamed>(records: &[T]) -> Result<Bytes, Problem> {
    encoded(Format::Csv, records, true, true)
}

fn encoded<T: Streamed>(
    format: Format,
    records: &[T],
    first: bool,
    last: bool,
) -> Result<Bytes, Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::Internal(format!("stream: {error}"));
    // Room for most is made at once, not again and again while they are written.
    let mut out = Vec::with_capacity(records.len() * RECORD);
    match format {
        Format::Csv => {
            let mut writer = csv::WriterBuilder::new()
                .terminator(csv::Terminator::CRLF)
                .from_writer(&mut out);
            if first {
                let names = T::COLUMNS.iter().map(|(name, _)| name);
                writer.write_record(names).map_err(|error| failed(&error))?;
            }
            for record in records {
                let value = serde_json::to_value(record).map_err(|error| failed(&error))?;
                let cells = T::COLUMNS.iter().map(|(_, path)| cell(&value, path));
                writer.write_record(cells).map_err(|error| failed(&error))?;
            }
            writer.flush().map_err(|error| failed(&error))?;
            drop(writer);
        }
        Format::Geojson => {
            if first {
                out.extend_from_slice(b"{\"type\":\"FeatureCollection\",\"features\":[");
            }
            for (place, record) in records.iter().enumerate() {
                if !(first && place == 0) {
                    out.push(b',');
                }
                let feature = serde_json::json!({
                    "type": "Feature",
                    "id": record.slug(),
                    "geometry": record.point().map(|(longitude, latitude)| {
                        serde_json::json!({"type": "Point", "coordinates": [longitude, latitude]})
                    }),
                    "properties": record,
                });
                json::append(&mut out, &feature).map_err(|error| failed(&error))?;
            }
            if last {
                out.extend_from_slice(b"]}\n");
            }
        }
        Format::Json | Format::Ndjson => {
            for record in records {
                json::append(&mut out, record).map_err(|error| failed(&error))?;
                out.push(b'\n');
            }
        }
    }
    // As long as somebody reads slowly it stays in memory: without room to spare.
    Ok(Bytes::from(out.into_boxed_slice()))
}

/// The text of a cell: the value at a path of names joined by `.`, lists joined by `;`.
fn cell(value: &Value, path: &str) -> String {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    match value {
        Value::Array(entries) => {
            let rest = if name == "*" { rest } else { path };
            let cells = entries.iter().map(|entry| cell(entry, rest));
            cells
                .filter(|cell| !cell.is_empty())
                .collect::<Vec<_>>()
                .join(";")
        }
        Value::Object(fields) => fields
            .get(name)
            .map_or_else(String::new, |field| cell(field, rest)),
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_reach_into_lists() {
        let value = serde_json::json!({"a": [{"b": "x"}, {"b": null}, {"b": "y"}], "c": ["1", "2"], "d": {"e": true}});
        let cells = ["a.*.b", "c", "d.e", "f"].map(|path| cell(&value, path));
        assert_eq!(cells, ["x;y", "1;2", "true", ""]);
    }

    #[test]
    fn the_most_specific_range_decides() {
        let ranges = [
            ("application/json".to_owned(), 0.0),
            ("*/*".to_owned(), 0.5),
        ];
        assert!(weight_of(&ranges, "application/json") == 0.0);
        assert!(weight_of(&ranges, "text/csv") > 0.0);
    }
}
