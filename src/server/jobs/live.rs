//! Tells open pages that the invitees of their member have changed, on whichever server somebody has redeemed a code.
//!
//! Every half second the revisions of all members with an open page are read in one statement, for as long as there are any.
//! What has been seen is compared with what is, so no change can be missed, however late its transaction was committed.

use crate::server::data::{MemberId, Revision};
use crate::server::domain::Ports;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// A change is to be seen within a second.
const EVERY: Duration = Duration::from_millis(500);
/// Members whose revisions are read in one statement, which takes about a millisecond.
const AT_ONCE: usize = 1000;
/// Open pages of one member. Browsers close those that are not looked at.
const PAGES: usize = 20;

/// The members with an open page.
#[derive(Clone, Default)]
pub struct Live {
    watched: Arc<Mutex<HashMap<MemberId, watch::Sender<Revision>>>>,
    ended: CancellationToken,
}

impl Live {
    /// Follows the revision of a member, who has seen this one; `None` if the member has too many open pages.
    pub fn follow(&self, member: MemberId, seen: Revision) -> Option<watch::Receiver<Revision>> {
        let mut watched = self.watched();
        let sender = watched.entry(member).or_insert_with(|| watch::Sender::new(seen));
        (sender.receiver_count() < PAGES).then(|| sender.subscribe())
    }

    /// Ends when the server stops, so that open pages go to another one.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        self.ended.clone().cancelled_owned()
    }

    pub fn end(&self) {
        self.ended.cancel();
    }

    /// Looks for changes until the server stops.
    pub async fn run(self, ports: Arc<Ports>) {
        let mut rounds = tokio::time::interval(EVERY);
        rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while self.ended.run_until_cancelled(rounds.tick()).await.is_some() {
            self.look(&ports).await;
        }
    }

    /// Looks for changes once.
    pub async fn look(&self, ports: &Ports) {
        for seen in self.seen().chunks(AT_ONCE) {
            match ports.store.changed_revisions(seen).await {
                Ok(changed) => self.tell(changed),
                // The next round sees what this one has missed.
                Err(error) => tracing::warn!(%error, "changes of invitees could not be read"),
            }
        }
    }

    /// What the open pages have seen. Members without one are forgotten.
    fn seen(&self) -> Vec<(MemberId, Revision)> {
        let mut watched = self.watched();
        watched.retain(|_, sender| sender.receiver_count() > 0);
        watched.iter().map(|(member, sender)| (*member, *sender.borrow())).collect()
    }

    fn tell(&self, changed: Vec<(MemberId, Revision)>) {
        let watched = self.watched();
        for (member, revision) in changed {
            if let Some(sender) = watched.get(&member) {
                sender.send_replace(revision);
            }
        }
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<MemberId, watch::Sender<Revision>>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
