//! From the journal into the log: entries and tiles in one commit with the cursor, so that nothing is missed and nothing is
//! entered twice, whatever is cut off where.

use std::collections::BTreeMap;

use domain::licences::{LOG_FORMAT, Licence, LicenceFact, LogEntry, OpenFields, log_event};
use domain::merkle::leaf;
use seal::tlog::logged::{Bound, commitment};
use seal::tlog::tile::{self, Edge, Place};
use store::licences::LICENCE;
use store::log::{LOG_ENTRY, LOG_SALT, LOG_TILE};
use store::{Advance, Change, ERASED, Fact, PlainDelete, PlainWrite};

use super::{Rows, kept_tile, size, tile_id};
use crate::city::City;
use crate::error::ServiceError;

/// Name of the subscriber whose cursor stands behind what is in the log.
pub const SUBSCRIBER: &str = "log";
/// How many positions of the journal one commit takes.
const AMONG: i64 = 500;

/// Enters what is new in the journal into the log. Answers how many positions were read; nothing while the city has no key
/// for a log.
pub async fn advance(city: &City) -> Result<i64, ServiceError> {
    if city.keys().log.is_none() {
        return Ok(0);
    }
    let from = city.store().subscriber_position(city.region(), SUBSCRIBER).await?;
    let (to, facts) = city.store().read_journal_of(city.region(), LICENCE.name, from, AMONG).await?;
    if to == from {
        return Ok(0);
    }
    let mut change = Change::new(city.region(), city.now());
    let mut growth = Growth::new(city, &facts).await?;
    for fact in &facts {
        growth.take(city, fact, &mut change).await?;
    }
    growth.put_tiles(&mut change);
    change.cursors.push(Advance { subscriber: SUBSCRIBER.into(), from, to });
    city.store().commit(change).await?;
    Ok(to - from)
}

/// The log while it grows by one commit.
struct Growth {
    edge: Edge,
    tiles: BTreeMap<Place, Vec<[u8; 32]>>,
    /// Salts of this commit that no row holds yet.
    salts: BTreeMap<String, [u8; 16]>,
}

impl Growth {
    async fn new(city: &City, facts: &[Fact]) -> Result<Growth, ServiceError> {
        let mut growth = Growth { edge: Edge::default(), tiles: BTreeMap::new(), salts: BTreeMap::new() };
        if !facts.iter().any(|fact| log_event(&fact.kind).is_some()) {
            return Ok(growth);
        }
        let size = size(city).await?;
        let mut kept = BTreeMap::new();
        for place in Edge::needs(size) {
            if let Some(hashes) = kept_tile(Rows::of(city), place).await? {
                kept.insert(place, hashes);
            }
        }
        let edge = Edge::resume(size, |place| kept.remove(&place));
        growth.edge = edge.ok_or_else(|| ServiceError::internal("the tiles of the log do not reach its entries"))?;
        Ok(growth)
    }

    async fn take(&mut self, city: &City, fact: &Fact, change: &mut Change) -> Result<(), ServiceError> {
        let (_, id) = fact.subject();
        if fact.kind == ERASED {
            // Also where an entry was made while the holder was being erased.
            self.salts.remove(id);
            change.plain.retain(|write| write.table.name != LOG_SALT.name || write.id != id);
            change.deletes.push(PlainDelete { table: &LOG_SALT, id: id.to_owned() });
            return Ok(());
        }
        let Some(event) = log_event(&fact.kind) else { return Ok(()) };
        let salt = self.salt(city, fact, id, change).await?;
        let entry = entry(city, fact, event, id, &salt).await?;
        let bytes = seal::jcs::to_bytes(&entry).map_err(ServiceError::internal)?;
        if bytes.len() > tile::MAX_ENTRY_BYTES {
            return Err(ServiceError::internal("an entry of the log is too long"));
        }
        let place = i64::try_from(self.edge.size()).map_err(ServiceError::internal)?;
        self.tiles.extend(self.edge.push(leaf(&bytes)));
        let text = String::from_utf8(bytes).map_err(ServiceError::internal)?;
        change.plain.push(PlainWrite {
            table: &LOG_ENTRY,
            id: format!("{place:012}"),
            columns: vec![place.into(), id.into(), text.into()],
        });
        Ok(())
    }

    /// The salt of a licence; made with its first entry. Of somebody who is erased already none is kept.
    async fn salt(
        &mut self,
        city: &City,
        fact: &Fact,
        id: &str,
        change: &mut Change,
    ) -> Result<[u8; 16], ServiceError> {
        if let Some(salt) = self.salts.get(id) {
            return Ok(*salt);
        }
        // Nothing can be kept of a licence before its first fact is entered.
        if fact.version > 1 {
            let sql = "SELECT salt FROM log_salt WHERE region = $1 AND id = $2";
            if let Some(row) = city.store().query_opt(sql, &[city.region().into(), id.into()]).await? {
                return row.bytes(0)?.try_into().map_err(ServiceError::internal);
            }
        }
        let salt = city.random::<16>();
        if fact.body.is_some() {
            self.salts.insert(id.to_owned(), salt);
            let columns = vec![salt.to_vec().into()];
            change.plain.push(PlainWrite { table: &LOG_SALT, id: id.to_owned(), columns });
        }
        Ok(salt)
    }

    /// The tiles that have changed, full ones and those at the edge.
    fn put_tiles(&mut self, change: &mut Change) {
        if !change.plain.iter().any(|write| write.table.name == LOG_ENTRY.name) {
            return;
        }
        self.tiles.extend(self.edge.partial());
        for (place, hashes) in std::mem::take(&mut self.tiles) {
            let columns = vec![tile::to_bytes(&hashes).into()];
            change.plain.push(PlainWrite { table: &LOG_TILE, id: tile_id(place), columns });
        }
    }
}

/// What the log says about a fact.
async fn entry(city: &City, fact: &Fact, event: &str, id: &str, salt: &[u8; 16]) -> Result<LogEntry, ServiceError> {
    let body = fact.body.as_deref();
    let told = body.map(serde_json::from_str).transpose().map_err(ServiceError::internal)?;
    let bind = |bound, content: &str| commitment(bound, salt, content.as_bytes());
    // A fact that made signed data carries the whole licence, so that nothing needs to be read besides.
    let (licence, data, detail) = match told {
        Some(LicenceFact::Issued { licence } | LicenceFact::Corrected { licence, .. }) => {
            let data = bind(Bound::Data, &licence.signed);
            (*licence, Some(data), None)
        }
        _ => (kept(city, id).await?, None, body.map(|body| bind(Bound::Detail, body))),
    };
    // A type that the catalogue does not know any more is treated as if it told the most.
    let sensitive = city.shelf().licence_type(&licence.licence_type).map_or(true, |kind| kind.is_sensitive());
    Ok(LogEntry {
        format: LOG_FORMAT.to_owned(),
        event: event.to_owned(),
        at: fact.at.rfc3339(),
        licence: bind(Bound::Licence, &licence.public_id),
        data,
        detail,
        open: OpenFields::of(&licence, sensitive),
    })
}

/// The licence as its row says.
async fn kept(city: &City, id: &str) -> Result<Licence, ServiceError> {
    let sql = "SELECT doc FROM licence WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    let row = row.ok_or_else(|| ServiceError::internal("a fact about a licence that is not there"))?;
    serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)
}
