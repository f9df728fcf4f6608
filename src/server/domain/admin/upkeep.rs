//! What the host does at the command line with the whole database: putting a backup in its place, and going on without
//! the secret.

use super::actor::Actor;
use super::{audit, grants};
use crate::error::AppResult;
use crate::server::clock::Timestamp;
use crate::server::data::{Act, Details, EndedLogins, ErasedMember, Lock};
use crate::server::domain::Ports;
use crate::server::storage::{Store, StoreResult};

/// The reason in the audit log for an erasure that was repeated.
const AFTER_RESTORE: &str = "vouch restore";

/// Prepares a backup to be served: whoever was logged in then is logged out, and `erased`, who were members then and were
/// erased since, are erased again. Returns also how many these were.
///
/// # Errors
/// When the database fails.
pub async fn prepare_backup(
    store: &dyn Store,
    erased: &[ErasedMember],
    now: Timestamp,
) -> StoreResult<(EndedLogins, u64)> {
    let mut again = Vec::new();
    for member in erased {
        let record = store.member_record(member.id).await?.filter(|kept| kept.listed.created_at == member.joined_at);
        let kept = record.filter(|kept| kept.listed.phone.is_some() || kept.set_aside.is_some());
        again.extend(kept.map(|kept| (member, kept.listed.phone)));
    }
    let mut tx = store.begin(Lock::Admins).await?;
    let ended = tx.end_every_login(now).await?;
    for (member, phone) in &again {
        if let Some(phone) = phone {
            // An admin can be erased only after their right was revoked.
            grants::remove(tx.as_mut(), phone, now).await?;
        }
        tx.erase_member(member.id, phone.as_ref(), member.erased_at).await?;
        let (actor, subject) = (Actor::Host, Some(member.id));
        audit::write(tx.as_mut(), now, actor, Act::Erase, subject, AFTER_RESTORE, Details::None).await?;
    }
    tx.commit().await?;
    Ok((ended, again.len() as u64))
}

/// Makes the present secret the one of the database, although what was made with the one before can no longer be read:
/// every login ends, and every admin gets a new grant, which has no second factor yet. Returns how many admins there are.
///
/// # Errors
/// `Unavailable`.
pub async fn replace_secret(ports: &Ports) -> AppResult<(EndedLogins, usize)> {
    let now = ports.clock.now();
    let admins = ports.store.grants().await?;
    let mut tx = ports.store.begin(Lock::Admins).await?;
    let ended = tx.end_every_login(now).await?;
    for admin in &admins {
        grants::remove(tx.as_mut(), &admin.phone, now).await?;
        grants::add(tx.as_mut(), &admin.phone, now).await?;
    }
    tx.keep_secret_check(&ports.keys.check.mac(&[])).await?;
    tx.commit().await?;
    Ok((ended, admins.len()))
}
