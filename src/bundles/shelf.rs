//! What is known of bundles: how far each country has come, and the digests of what was made of it.

use super::{
    model::{Bundle, BundleFile, ContactBundle, Content, StatisticBundle},
    queries,
};
use crate::{
    hotlines, organizations, regional_contacts,
    statistics::{self, Assessment},
    values::{citation::Citation, digest::hex, licence, view::View},
    vocabularies::{self, CountryNumbers, Source},
    web::{
        Problem, Result,
        state::{Directory, Revision},
    },
};
use chrono::{Datelike, Days, NaiveDate};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use tokio::sync::Mutex;
use uuid::Uuid;

/// Everything that a bundle is made of.
const RESOURCES: [&str; 6] = [
    "countries",
    "organizations",
    "hotlines",
    "regional_contacts",
    "statistics",
    "sources",
];

/// The last change by resource and area.
type Marks = HashMap<(String, String), i64>;

/// The marks, and the revision that they were read at.
type Known = Option<(Revision, Arc<Marks>)>;

/// What a bundle's bytes follow from: country, content, the last change of its records, that of any
/// source, and the Monday.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edition {
    pub country: &'static str,
    pub content: Content,
    pub revision: i64,
    sources: i64,
    as_of: NaiveDate,
}

/// What all threads of a process know of bundles.
#[derive(Clone)]
pub struct Shelf {
    marks: Arc<Mutex<Known>>,
    turn: Arc<Mutex<()>>,
    files: moka::future::Cache<Edition, Arc<BundleFile>>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            marks: Arc::default(),
            turn: Arc::default(),
            // Two contents of all countries, some times over.
            files: moka::future::Cache::new(2000),
        }
    }
}

/// The Monday of the week of a day: what counts days is counted on it, so that a bundle in which nothing changed
/// stays the same for a week.
pub fn monday(today: NaiveDate) -> NaiveDate {
    today - Days::new(u64::from(today.weekday().num_days_from_monday()))
}

impl Shelf {
    /// The editions of these countries that are current at a revision.
    ///
    /// # Errors
    /// Those of the query; 503 when the database does not answer.
    pub async fn editions(
        &self,
        directory: &Directory,
        revision: Revision,
        countries: &[&'static str],
    ) -> Result<Vec<Edition>> {
        let marks = self.marks(directory, revision).await?;
        let last = |resource: &str, area: &str| {
            let mark = marks.get(&(resource.to_owned(), area.to_owned()));
            mark.copied().unwrap_or_default()
        };
        let sources = marks
            .iter()
            .filter(|((resource, _), _)| resource == "sources");
        let sources = sources.map(|(_, mark)| *mark).max().unwrap_or_default();
        let as_of = monday(directory.today());
        let mut editions = Vec::new();
        for country in countries {
            for content in Content::ALL {
                let reach = content.reach(country);
                let resources = content.resources().iter();
                let marks =
                    resources.flat_map(|resource| reach.iter().map(|area| last(resource, area)));
                editions.push(Edition {
                    country,
                    content,
                    revision: marks.max().unwrap_or_default(),
                    sources,
                    as_of,
                });
            }
        }
        Ok(editions)
    }

    /// Read once for each revision; others wait meanwhile.
    async fn marks(&self, directory: &Directory, revision: Revision) -> Result<Arc<Marks>> {
        let mut known = self.marks.lock().await;
        match &*known {
            Some((of, marks)) if *of == revision => return Ok(Arc::clone(marks)),
            // Of a database that was put back to an earlier state nothing is known.
            Some((of, _)) if of.number >= revision.number => self.files.invalidate_all(),
            _ => {}
        }
        let mut connection = directory.reader().await?;
        let last = queries::last_changes(&mut connection, &RESOURCES).await?;
        let last = last
            .into_iter()
            .map(|one| ((one.resource, one.area), one.revision));
        let marks: Arc<Marks> = Arc::new(last.collect());
        *known = Some((revision, Arc::clone(&marks)));
        Ok(marks)
    }

    /// What there is to say of an edition; with its bytes when it had to be made to know.
    ///
    /// # Errors
    /// Those of the queries; 503 when the database does not answer.
    pub async fn file(
        &self,
        directory: &Directory,
        edition: &Edition,
    ) -> Result<(Arc<BundleFile>, Option<Vec<u8>>)> {
        if let Some(file) = self.files.get(edition).await {
            return Ok((file, None));
        }
        // One after the other, whoever asks: many who ask at once for all wait for one making.
        let _turn = self.turn.lock().await;
        if let Some(file) = self.files.get(edition).await {
            return Ok((file, None));
        }
        let bundle = make(directory, edition).await?;
        let bytes = bytes(&bundle)?;
        let sha256 = hex(&Sha256::digest(&bytes));
        let Edition {
            country, content, ..
        } = edition;
        let file = Arc::new(BundleFile {
            country,
            content: content.name(),
            revision: edition.revision,
            records: bundle.records(),
            size: bytes.len(),
            url: format!(
                "{}/v1/bundles/{country}/{}/{sha256}",
                directory.config().public_url,
                content.name()
            ),
            sha256,
        });
        self.files.insert(edition.clone(), Arc::clone(&file)).await;
        Ok((file, Some(bytes)))
    }

    /// The bytes of a file that was made before.
    ///
    /// # Errors
    /// Those of the queries; 503 when the database does not answer, or says something else by now.
    pub async fn again(
        &self,
        directory: &Directory,
        edition: &Edition,
        file: &BundleFile,
    ) -> Result<Vec<u8>> {
        let bytes = bytes(&make(directory, edition).await?)?;
        if hex(&Sha256::digest(&bytes)) != file.sha256 {
            // The revision of what came meanwhile is known within a second.
            self.files.remove(edition).await;
            let changed = "a bundle changed while it was made";
            return Err(Problem::Unavailable(changed.to_owned()));
        }
        Ok(bytes)
    }
}

/// Makes an edition.
///
/// # Errors
/// Those of the queries; 503 when the database does not answer.
async fn make(directory: &Directory, edition: &Edition) -> Result<Bundle> {
    let mut connection = directory.reader().await?;
    let view = View::on(edition.as_of);
    let mut moment = connection.build_transaction().read_only().repeatable_read();
    let made = moment.run(async |connection| {
        Ok::<_, diesel::result::Error>(match edition.content {
            Content::Contacts => Bundle::Contacts(contacts(connection, edition, &view).await?),
            Content::Statistics => Bundle::Statistics(figures(connection, edition, &view).await?),
        })
    });
    Ok(made.await?)
}

/// The bytes of a bundle.
///
/// # Errors
/// 500 when it does not serialise.
fn bytes(bundle: &Bundle) -> Result<Vec<u8>> {
    serde_json::to_vec(bundle).map_err(|error| Problem::Internal(error.to_string()))
}

/// The records of an edition, by resource.
async fn met(
    connection: &mut AsyncPgConnection,
    edition: &Edition,
) -> QueryResult<HashMap<String, Vec<Uuid>>> {
    let reach = edition.content.reach(edition.country);
    let resources = edition.content.resources();
    let mut met: HashMap<String, Vec<Uuid>> = HashMap::new();
    for (resource, id) in queries::met(connection, resources, &reach).await? {
        met.entry(resource).or_default().push(id);
    }
    Ok(met)
}

async fn contacts(
    connection: &mut AsyncPgConnection,
    edition: &Edition,
    view: &View,
) -> QueryResult<ContactBundle> {
    let mut met = met(connection, edition).await?;
    let mut ids = |resource: &str| met.remove(resource).unwrap_or_default();
    let mut bundle = ContactBundle::empty(edition.country, edition.revision, edition.as_of);
    let numbers =
        vocabularies::queries::with_ids(connection, "countries", &ids("countries")).await?;
    bundle.numbers = numbers
        .first()
        .map(|record| {
            Ok::<_, diesel::result::Error>(CountryNumbers::of(view, record, record.read()?))
        })
        .transpose()?;
    bundle.hotlines = hotlines::queries::with_ids(connection, &ids("hotlines"), view).await?;
    bundle.regional_contacts =
        regional_contacts::queries::with_ids(connection, &ids("regional_contacts"), view).await?;
    bundle.organizations =
        organizations::queries::with_ids(connection, &ids("organizations"), view).await?;
    bundle
        .hotlines
        .sort_by(|one, other| one.slug.cmp(&other.slug));
    bundle
        .regional_contacts
        .sort_by(|one, other| one.slug.cmp(&other.slug));
    bundle
        .organizations
        .sort_by(|one, other| one.slug.cmp(&other.slug));
    let cited = bundle.numbers.iter().flat_map(|one| &one.sources);
    let cited = cited.chain(bundle.hotlines.iter().flat_map(|one| &one.sources));
    let cited = cited.chain(bundle.regional_contacts.iter().flat_map(|one| &one.sources));
    let cited = cited.chain(bundle.organizations.iter().flat_map(|one| &one.sources));
    bundle.sources = sources(connection, named(cited)).await?;
    Ok(bundle)
}

async fn figures(
    connection: &mut AsyncPgConnection,
    edition: &Edition,
    view: &View,
) -> QueryResult<StatisticBundle> {
    let mut met = met(connection, edition).await?;
    let ids = met.remove("statistics").unwrap_or_default();
    let mut statistics = statistics::queries::with_ids(connection, &ids, view).await?;
    statistics.retain(|one| {
        matches!(
            one.assessment,
            Assessment::NotAssessed | Assessment::Supported
        )
    });
    statistics.sort_by(|one, other| one.slug.cmp(&other.slug));
    let mut cited = named(statistics.iter().flat_map(|one| &one.sources));
    let critiques = statistics.iter().flat_map(|one| &one.critiques);
    cited.extend(critiques.map(|one| one.source.clone()));
    Ok(StatisticBundle {
        country: edition.country.to_owned(),
        revision: edition.revision,
        as_of: edition.as_of,
        sources: sources(connection, cited).await?,
        statistics,
        licence: licence::LICENCE,
        attribution: licence::ATTRIBUTION,
    })
}

fn named<'a>(citations: impl Iterator<Item = &'a Citation>) -> BTreeSet<String> {
    citations.map(|one| one.source.clone()).collect()
}

/// The sources with these slugs, by slug.
async fn sources(
    connection: &mut AsyncPgConnection,
    slugs: BTreeSet<String>,
) -> QueryResult<Vec<Source>> {
    let slugs: Vec<String> = slugs.into_iter().collect();
    let records = vocabularies::queries::named(connection, "sources", &slugs, None).await?;
    let mut sources: Vec<Source> = records
        .iter()
        .map(|record| Ok(Source::of(record, record.read()?)))
        .collect::<QueryResult<_>>()?;
    sources.sort_by(|one, other| one.slug.cmp(&other.slug));
    Ok(sources)
}
