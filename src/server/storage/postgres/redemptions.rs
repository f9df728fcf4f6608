//! Redemptions, and every attempt to redeem a code.

use super::locks;
use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::model::invite_code::InviteCode;
use crate::server::clock::Timestamp;
use crate::server::data::{
    Attempt, AttemptCount, BrowserId, FORGOTTEN_SOURCE, FlagKind, ListedMember, ListedRedemption, MemberId, NewAttempt,
};
use crate::server::storage::rows::{attempt, listed_member, listed_redemption, unsigned};
use crate::server::storage::{RedemptionStore, RedemptionTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::{Postgres, QueryBuilder};
use std::time::Duration;

const DESCENDS_FROM: &str = "WITH RECURSIVE up (id) AS ( \
         SELECT inviter_id FROM redemptions WHERE invitee_id = $1 \
         UNION SELECT inviter_id FROM redemptions JOIN up ON invitee_id = up.id \
     ) SELECT EXISTS (SELECT 1 FROM up WHERE id = $2)";

#[async_trait]
impl RedemptionStore for PostgresStore {
    async fn invitees_listed(&self, inviter: MemberId, limit: u32) -> StoreResult<Vec<ListedMember>> {
        let rows = sqlx::query(
            "SELECT id, phone, members.invite_code, created_at, blocked_at, invitees, redeemed_at \
             FROM redemptions JOIN members ON id = invitee_id \
             WHERE inviter_id = $1 ORDER BY redeemed_at DESC, invitee_id DESC LIMIT $2",
        );
        let rows = rows.bind(inviter).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        rows.iter().map(listed_member).collect()
    }

    async fn redemptions(&self, after: MemberId, limit: u32) -> StoreResult<Vec<ListedRedemption>> {
        let rows = sqlx::query(
            "SELECT invitee_id, invitees.phone, inviter_id, inviters.phone AS inviter_phone, redemptions.invite_code, \
             redeemed_at FROM redemptions JOIN members AS invitees ON invitees.id = invitee_id \
             JOIN members AS inviters ON inviters.id = inviter_id WHERE invitee_id > $1 ORDER BY invitee_id LIMIT $2",
        );
        let rows = rows.bind(after).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        rows.iter().map(listed_redemption).collect()
    }

    async fn descends_from(&self, member: MemberId, ancestor: MemberId) -> StoreResult<bool> {
        Ok(sqlx::query_scalar(DESCENDS_FROM).bind(member).bind(ancestor).fetch_one(&self.pool).await?)
    }

    async fn median_time_to_redeem(
        &self,
        from: Timestamp,
        until: Timestamp,
        newest: u32,
    ) -> StoreResult<Option<Duration>> {
        let median = sqlx::query_scalar(
            "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY wait) FROM \
                 (SELECT greatest(redeemed_at - created_at, 0) AS wait FROM redemptions JOIN members ON id = invitee_id \
                  WHERE redeemed_at >= $1 AND redeemed_at < $2 ORDER BY redeemed_at DESC, invitee_id DESC LIMIT $3) AS waits",
        );
        let median = median.bind(from).bind(until).bind(i64::from(newest));
        let median: Option<i64> = median.fetch_one(&self.pool).await?;
        median.map(|wait| Ok(Duration::from_millis(unsigned(wait, "median")?))).transpose()
    }

    async fn attempts_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Attempt>> {
        let rows = sqlx::query(
            "SELECT id, member_id, typed, inviter_id, outcome, tried_at, last_at, times, network FROM redeem_tries \
             WHERE member_id = $1 ORDER BY last_at DESC, id DESC LIMIT $2",
        );
        let rows = rows.bind(member).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        rows.iter().map(attempt).collect()
    }

    async fn forget_networks_before(&self, before: Timestamp) -> StoreResult<u64> {
        // The id makes the source unique, as the index on member, kind and source requires.
        let flags = sqlx::query(
            "UPDATE flags SET source = $1 || id WHERE kind = $2 AND last_at < $3 AND source NOT LIKE $1 || '%'",
        );
        flags.bind(FORGOTTEN_SOURCE).bind(FlagKind::SameNetwork).bind(before).execute(&self.pool).await?;
        let attempts = "UPDATE redeem_tries SET network = NULL, browser = NULL WHERE id IN \
                        (SELECT id FROM redeem_tries WHERE last_at < $1 \
                         AND (network IS NOT NULL OR browser IS NOT NULL) LIMIT $2 FOR UPDATE SKIP LOCKED)";
        self.forget(attempts, before.0).await
    }
}

#[async_trait]
impl RedemptionTransaction for PostgresTransaction {
    async fn activated_code(&mut self, invitee: MemberId) -> StoreResult<Option<InviteCode>> {
        let activated = sqlx::query_scalar("SELECT invite_code FROM redemptions WHERE invitee_id = $1");
        Ok(activated.bind(invitee).fetch_optional(self.connection()).await?)
    }

    async fn descends_from(&mut self, member: MemberId, ancestor: MemberId) -> StoreResult<bool> {
        locks::take(self.connection(), locks::REDEMPTIONS).await?;
        Ok(sqlx::query_scalar(DESCENDS_FROM).bind(member).bind(ancestor).fetch_one(self.connection()).await?)
    }

    async fn add_redemption(
        &mut self,
        invitee: MemberId,
        inviter: MemberId,
        code: &InviteCode,
        now: Timestamp,
    ) -> StoreResult<()> {
        let add = sqlx::query(
            "INSERT INTO redemptions (invitee_id, inviter_id, invite_code, redeemed_at) VALUES ($1, $2, $3, $4)",
        );
        add.bind(invitee).bind(inviter).bind(code).bind(now).execute(self.connection()).await?;
        Ok(())
    }

    async fn remove_redemption(&mut self, invitee: MemberId) -> StoreResult<Option<(MemberId, InviteCode)>> {
        let delete = sqlx::query_as("DELETE FROM redemptions WHERE invitee_id = $1 RETURNING inviter_id, invite_code");
        Ok(delete.bind(invitee).fetch_optional(self.connection()).await?)
    }

    async fn attempts_since(&mut self, member: MemberId, since: Timestamp) -> StoreResult<u32> {
        let count = sqlx::query_scalar("SELECT count(*) FROM redeem_tries WHERE member_id = $1 AND last_at > $2");
        unsigned(count.bind(member).bind(since).fetch_one(self.connection()).await?, "count")
    }

    async fn repeat_attempt(&mut self, again: &NewAttempt, since: Timestamp) -> StoreResult<bool> {
        let repeat = sqlx::query(
            "UPDATE redeem_tries SET times = times + 1, last_at = $1, network = $2, browser = $3 WHERE id = ( \
                 SELECT id FROM redeem_tries WHERE member_id = $4 AND last_at > $5 AND typed = $6 AND outcome = $7 \
                 ORDER BY last_at DESC LIMIT 1)",
        );
        let repeat = repeat.bind(again.at).bind(&again.network).bind(again.browser).bind(again.member);
        let repeat = repeat.bind(since).bind(&again.typed).bind(again.outcome);
        Ok(repeat.execute(self.connection()).await?.rows_affected() == 1)
    }

    async fn add_attempt(&mut self, new: &NewAttempt) -> StoreResult<()> {
        let add = sqlx::query(
            "INSERT INTO redeem_tries (member_id, typed, inviter_id, outcome, tried_at, last_at, network, browser) \
             VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
        );
        let add = add.bind(new.member).bind(&new.typed).bind(new.inviter).bind(new.outcome).bind(new.at);
        add.bind(&new.network).bind(new.browser).execute(self.connection()).await?;
        Ok(())
    }

    async fn count_attempts(&mut self, which: &AttemptCount<'_>) -> StoreResult<u32> {
        let mut count = QueryBuilder::<Postgres>::new(
            "SELECT coalesce(sum(times), 0)::bigint FROM redeem_tries WHERE network IS NOT NULL AND outcome = ",
        );
        count.push_bind(which.outcome).push(" AND last_at > ").push_bind(which.since);
        if let Some(member) = which.member {
            count.push(" AND member_id = ").push_bind(member);
        }
        if let Some(inviter) = which.inviter {
            count.push(" AND inviter_id = ").push_bind(inviter);
        }
        if let Some(network) = which.network {
            count.push(" AND network = ").push_bind(network.to_owned());
        }
        if let Some(browser) = which.browser {
            count.push(" AND browser = ").push_bind(browser);
        }
        unsigned(count.build_query_scalar().fetch_one(self.connection()).await?, "times")
    }

    async fn redemptions_within_browser(&mut self, browser: BrowserId, since: Timestamp) -> StoreResult<u32> {
        let count = sqlx::query_scalar(
            "SELECT count(*) FROM devices AS theirs JOIN redemptions ON invitee_id = theirs.member_id \
             JOIN devices AS inviters ON inviters.member_id = inviter_id \
             WHERE theirs.browser = $1 AND inviters.browser = $1 AND redeemed_at > $2",
        );
        unsigned(count.bind(browser).bind(since).fetch_one(self.connection()).await?, "count")
    }
}
