//! Redemptions, and every attempt to redeem a code.

use super::connection::{Statements, at_length, value};
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::model::invite_code::InviteCode;
use crate::server::clock::Timestamp;
use crate::server::data::{
    Attempt, AttemptCount, BrowserId, FORGOTTEN_SOURCE, FlagKind, ListedMember, ListedRedemption, MemberId, NewAttempt,
};
use crate::server::storage::rows::{attempt, listed_member, listed_redemption};
use crate::server::storage::{RedemptionStore, RedemptionTransaction, StoreResult};
use async_trait::async_trait;
use rusqlite::{Connection, ToSql, params, params_from_iter};
use std::time::Duration;

const DESCENDS_FROM: &str = "WITH RECURSIVE up (id) AS ( \
         SELECT inviter_id FROM redemptions WHERE invitee_id = ? \
         UNION SELECT inviter_id FROM redemptions JOIN up ON invitee_id = up.id \
     ) SELECT EXISTS (SELECT 1 FROM up WHERE id = ?)";

#[async_trait]
impl RedemptionStore for SqliteStore {
    async fn invitees_listed(&self, inviter: MemberId, limit: u32) -> StoreResult<Vec<ListedMember>> {
        let rows = sqlx::query(
            "SELECT id, phone, members.invite_code, created_at, blocked_at, invitees, redeemed_at \
             FROM redemptions JOIN members ON id = invitee_id \
             WHERE inviter_id = ? ORDER BY redeemed_at DESC, invitee_id DESC LIMIT ?",
        );
        rows.bind(inviter).bind(limit).fetch_all(&self.readers).await?.iter().map(listed_member).collect()
    }

    async fn redemptions(&self, after: MemberId, limit: u32) -> StoreResult<Vec<ListedRedemption>> {
        let rows = sqlx::query(
            "SELECT invitee_id, invitees.phone, inviter_id, inviters.phone AS inviter_phone, redemptions.invite_code, \
             redeemed_at FROM redemptions JOIN members AS invitees ON invitees.id = invitee_id \
             JOIN members AS inviters ON inviters.id = inviter_id WHERE invitee_id > ? ORDER BY invitee_id LIMIT ?",
        );
        let rows = rows.bind(after).bind(limit).fetch_all(&self.readers).await?;
        rows.iter().map(listed_redemption).collect()
    }

    async fn descends_from(&self, member: MemberId, ancestor: MemberId) -> StoreResult<bool> {
        self.reads.read(|connection| connection.one(DESCENDS_FROM, params![member, ancestor], value)).await
    }

    async fn median_time_to_redeem(
        &self,
        from: Timestamp,
        until: Timestamp,
        newest: u32,
    ) -> StoreResult<Option<Duration>> {
        let median = sqlx::query_scalar(
            "SELECT wait FROM (SELECT wait, row_number() OVER (ORDER BY wait) AS place, count(*) OVER () AS total FROM \
                 (SELECT max(redeemed_at - created_at, 0) AS wait FROM redemptions JOIN members ON id = invitee_id \
                  WHERE redeemed_at >= ? AND redeemed_at < ? ORDER BY redeemed_at DESC, invitee_id DESC LIMIT ?)) \
             WHERE place = (total + 1) / 2",
        );
        let median: Option<u64> = median.bind(from).bind(until).bind(newest).fetch_optional(&self.readers).await?;
        Ok(median.map(Duration::from_millis))
    }

    async fn attempts_of(&self, member: MemberId, limit: u32) -> StoreResult<Vec<Attempt>> {
        let rows = sqlx::query(
            "SELECT id, member_id, typed, inviter_id, outcome, tried_at, last_at, times, network FROM redeem_tries \
             WHERE member_id = ? ORDER BY last_at DESC, id DESC LIMIT ?",
        );
        rows.bind(member).bind(limit).fetch_all(&self.readers).await?.iter().map(attempt).collect()
    }

    async fn forget_networks_before(&self, before: Timestamp) -> StoreResult<u64> {
        // The id makes the source unique, as the index on member, kind and source requires.
        let flags = "UPDATE flags SET source = ?1 || id WHERE kind = ?2 AND last_at < ?3 AND source NOT LIKE ?1 || '%'";
        let forget_in_flags = |connection: &Connection| {
            at_length(|| connection.change(flags, params![FORGOTTEN_SOURCE, FlagKind::SameNetwork, before]))
        };
        self.writer.write(forget_in_flags).await?;
        let attempts = "UPDATE redeem_tries SET network = NULL, browser = NULL WHERE id IN \
                     (SELECT id FROM redeem_tries WHERE last_at < ? AND (network IS NOT NULL OR browser IS NOT NULL) LIMIT ?)";
        self.forget(attempts, before.0).await
    }
}

#[async_trait]
impl RedemptionTransaction for SqliteTransaction {
    async fn activated_code(&mut self, invitee: MemberId) -> StoreResult<Option<InviteCode>> {
        self.connection.first("SELECT invite_code FROM redemptions WHERE invitee_id = ?", [invitee], value)
    }

    async fn descends_from(&mut self, member: MemberId, ancestor: MemberId) -> StoreResult<bool> {
        self.connection.one(DESCENDS_FROM, params![member, ancestor], value)
    }

    async fn add_redemption(
        &mut self,
        invitee: MemberId,
        inviter: MemberId,
        code: &InviteCode,
        now: Timestamp,
    ) -> StoreResult<()> {
        self.connection.change(
            "INSERT INTO redemptions (invitee_id, inviter_id, invite_code, redeemed_at) VALUES (?, ?, ?, ?)",
            params![invitee, inviter, code, now],
        )?;
        Ok(())
    }

    async fn remove_redemption(&mut self, invitee: MemberId) -> StoreResult<Option<(MemberId, InviteCode)>> {
        let delete = "DELETE FROM redemptions WHERE invitee_id = ? RETURNING inviter_id, invite_code";
        self.connection.first(delete, [invitee], |row| Ok((row.get("inviter_id")?, row.get("invite_code")?)))
    }

    async fn attempts_since(&mut self, member: MemberId, since: Timestamp) -> StoreResult<u32> {
        let count = "SELECT count(*) FROM redeem_tries WHERE member_id = ? AND last_at > ?";
        self.connection.one(count, params![member, since], value)
    }

    async fn repeat_attempt(&mut self, again: &NewAttempt, since: Timestamp) -> StoreResult<bool> {
        let done = self.connection.change(
            "UPDATE redeem_tries SET times = times + 1, last_at = ?1, network = ?2, browser = ?3 WHERE id = ( \
                 SELECT id FROM redeem_tries WHERE member_id = ?4 AND last_at > ?5 AND typed = ?6 AND outcome = ?7 \
                 ORDER BY last_at DESC LIMIT 1)",
            params![again.at, &again.network, again.browser, again.member, since, &again.typed, again.outcome],
        )?;
        Ok(done == 1)
    }

    async fn add_attempt(&mut self, new: &NewAttempt) -> StoreResult<()> {
        self.connection.change(
            "INSERT INTO redeem_tries (member_id, typed, inviter_id, outcome, tried_at, last_at, network, browser) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)",
            params![new.member, &new.typed, new.inviter, new.outcome, new.at, &new.network, new.browser],
        )?;
        Ok(())
    }

    async fn count_attempts(&mut self, which: &AttemptCount<'_>) -> StoreResult<u32> {
        let mut count =
            "SELECT coalesce(sum(times), 0) FROM redeem_tries WHERE network IS NOT NULL AND outcome = ? AND last_at > ?"
                .to_owned();
        let mut values: Vec<&dyn ToSql> = vec![&which.outcome, &which.since];
        if let Some(member) = &which.member {
            count.push_str(" AND member_id = ?");
            values.push(member);
        }
        if let Some(inviter) = &which.inviter {
            count.push_str(" AND inviter_id = ?");
            values.push(inviter);
        }
        if let Some(network) = &which.network {
            count.push_str(" AND network = ?");
            values.push(network);
        }
        if let Some(browser) = &which.browser {
            count.push_str(" AND browser = ?");
            values.push(browser);
        }
        self.connection.one(&count, params_from_iter(values), value)
    }

    async fn redemptions_within_browser(&mut self, browser: BrowserId, since: Timestamp) -> StoreResult<u32> {
        self.connection.one(
            "SELECT count(*) FROM devices AS theirs JOIN redemptions ON invitee_id = theirs.member_id \
             JOIN devices AS inviters ON inviters.member_id = inviter_id \
             WHERE theirs.browser = ?1 AND inviters.browser = ?1 AND redeemed_at > ?2",
            params![browser, since],
            value,
        )
    }
}
