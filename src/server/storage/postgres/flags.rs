//! Flags for admins to review.

use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::server::clock::Timestamp;
use crate::server::data::{Flag, FlagKind, MemberId, Verdict};
use crate::server::storage::rows::flag;
use crate::server::storage::{FlagStore, FlagTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::{Postgres, QueryBuilder};

const FLAGS: &str = "SELECT flags.id, kind, member_id, phone, source, count, first_at, last_at, verdict \
                     FROM flags JOIN members ON members.id = member_id";

#[async_trait]
impl FlagStore for PostgresStore {
    async fn flags(&self, waiting: bool, after: i64, limit: u32) -> StoreResult<Vec<Flag>> {
        let mut query = QueryBuilder::<Postgres>::new(FLAGS);
        query.push(if waiting { " WHERE reviewed_at IS NULL" } else { " WHERE reviewed_at IS NOT NULL" });
        query.push(" AND flags.id > ").push_bind(after).push(" ORDER BY flags.id LIMIT ").push_bind(i64::from(limit));
        query.build().fetch_all(&self.pool).await?.iter().map(flag).collect()
    }

    async fn flags_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Flag>> {
        let mut query = QueryBuilder::<Postgres>::new(FLAGS);
        query.push(" WHERE member_id = ").push_bind(member);
        query.push(" ORDER BY flags.id DESC LIMIT ").push_bind(i64::from(limit));
        query.build().fetch_all(&self.pool).await?.iter().map(flag).collect()
    }

    async fn flag(&self, id: i64) -> StoreResult<Option<Flag>> {
        let mut query = QueryBuilder::<Postgres>::new(FLAGS);
        query.push(" WHERE flags.id = ").push_bind(id);
        query.build().fetch_optional(&self.pool).await?.as_ref().map(flag).transpose()
    }
}

#[async_trait]
impl FlagTransaction for PostgresTransaction {
    async fn flag_reviewed_at(
        &mut self,
        kind: FlagKind,
        member: MemberId,
        source: &str,
    ) -> StoreResult<Option<Timestamp>> {
        let last = sqlx::query_scalar(
            "SELECT max(reviewed_at) FROM flags \
             WHERE kind = $1 AND member_id = $2 AND source = $3 AND reviewed_at IS NOT NULL",
        );
        Ok(last.bind(kind).bind(member).bind(source).fetch_one(self.connection()).await?)
    }

    async fn raise_flag(
        &mut self,
        kind: FlagKind,
        member: MemberId,
        source: &str,
        count: u32,
        now: Timestamp,
    ) -> StoreResult<()> {
        let raise = sqlx::query(
            "INSERT INTO flags (kind, member_id, source, count, first_at, last_at) VALUES ($1, $2, $3, $4, $5, $5) \
             ON CONFLICT (kind, member_id, source) WHERE reviewed_at IS NULL \
             DO UPDATE SET count = excluded.count, last_at = excluded.last_at",
        );
        let raise = raise.bind(kind).bind(member).bind(source).bind(i64::from(count)).bind(now);
        raise.execute(self.connection()).await?;
        Ok(())
    }

    async fn review_flag(&mut self, id: i64, verdict: Verdict, now: Timestamp) -> StoreResult<bool> {
        let review =
            sqlx::query("UPDATE flags SET verdict = $1, reviewed_at = $2 WHERE id = $3 AND reviewed_at IS NULL");
        Ok(review.bind(verdict).bind(now).bind(id).execute(self.connection()).await?.rows_affected() == 1)
    }
}
