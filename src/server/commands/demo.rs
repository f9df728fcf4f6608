//! `vouch demo --members N`: fills an empty database with invented members, to try out the admin pages.
//!
//! The result is the same each time, except for the day it ends on. A few inviters have most of the invitees
//! (preferential attachment, Barabási and Albert 1999). More and more members join over two years. Some never finish a
//! login, mistype an invite code, or are blocked.

use crate::model::invite_code::InviteCode;
use crate::model::login_code::CodeLength;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{
    AddMember, AttemptOutcome, FlowId, Member, MemberId, Network, NewAttempt, NewLoginCode, Visitor,
};
use crate::server::domain::{Ports, invite_code};
use crate::server::secrets::random_bytes;
use crate::server::settings::Settings;
use crate::server::start::{self, StartError};
use crate::server::storage::{StoreError, StoreResult, Transaction};
use crate::words;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::io::Write;
use std::net::Ipv4Addr;
use std::time::Duration;

/// How far back the program goes.
const AGE: Duration = Duration::from_hours(2 * 365 * 24);
/// How many members join in one transaction.
const BATCH: u32 = 1000;
/// What browsers call themselves.
const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile Safari/604.1",
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15; SM-A556B) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36",
];

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The database cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database is in use.
    #[error("{}", words::service().demo_not_empty)]
    NotEmpty,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The terminal is gone.
    #[error(transparent)]
    Terminal(#[from] std::io::Error),
}

/// Fills the database, and says how far it is.
///
/// # Errors
/// When the database has members, or fails.
pub async fn run(settings: &Settings, members: u32) -> Result<(), DemoError> {
    let ports = start::open(settings).await?;
    let filled = fill(&ports, members, |done| {
        let mut out = std::io::stdout().lock();
        write!(out, "\r{}", words::service().demo_progress(done, members))?;
        out.flush()
    });
    let filled = filled.await;
    ports.store.close().await;
    filled?;
    Ok(writeln!(std::io::stdout(), "\n{}", words::service().demo_done)?)
}

/// Fills a database, telling after each batch how many members there are.
///
/// # Errors
/// When it has members, or fails.
pub async fn fill(
    ports: &Ports,
    members: u32,
    mut tell: impl FnMut(u32) -> std::io::Result<()>,
) -> Result<(), DemoError> {
    if ports.store.member_record(MemberId(1)).await?.is_some() {
        return Err(DemoError::NotEmpty);
    }
    let mut program = Program::new(ports.clock.now(), members);
    while program.joined < members {
        let mut tx = ports.store.begin().await?;
        let until = members.min(program.joined + BATCH);
        while program.joined < until {
            program.join(tx.as_mut()).await?;
        }
        tx.commit().await?;
        tell(program.joined)?;
    }
    Ok(())
}

/// The referral program while it is being filled.
struct Program {
    rng: StdRng,
    end: Timestamp,
    members: u32,
    joined: u32,
    /// Members whose codes may be redeemed: each is listed once, and once more for each of their invitees.
    inviters: Vec<(MemberId, InviteCode)>,
}

impl Program {
    fn new(end: Timestamp, members: u32) -> Self {
        Self { rng: StdRng::seed_from_u64(1), end, members, joined: 0, inviters: Vec::new() }
    }

    /// When the next member joins. A quarter of the members join in the first half of the time.
    fn next_join(&self) -> Timestamp {
        let share = (f64::from(self.joined) / f64::from(self.members)).sqrt();
        self.end.minus(AGE.mul_f64(1.0 - share)).minus(Duration::from_hours(1))
    }

    async fn join(&mut self, tx: &mut dyn Transaction) -> StoreResult<()> {
        let now = self.next_join();
        let phone = self.phone();
        let visitor = self.visitor();
        if self.one_in(6) {
            self.code(tx, phone.clone(), now, None).await?;
        }
        self.code(tx, phone.clone(), now, Some(now.plus(Duration::from_secs(30)))).await?;
        let member = self.member(tx, &phone, now).await?;
        let token: [u8; 32] = random_bytes(&mut self.rng);
        tx.remember_device(member.id, None, &token, &visitor, now).await?;
        if self.one_in(12) {
            let mistyped = invite_code::generate(&mut self.rng);
            self.add_attempt(tx, &member, &visitor, mistyped.as_str(), None, AttemptOutcome::Unknown, now).await?;
        }
        if !self.inviters.is_empty() && !self.one_in(4) {
            let (inviter, code) = self.inviters[self.rng.random_range(0..self.inviters.len())].clone();
            let now = now.plus(Duration::from_secs(90));
            tx.add_redemption(member.id, inviter, &code, now).await?;
            self.add_attempt(tx, &member, &visitor, code.as_str(), Some(inviter), AttemptOutcome::Redeemed, now)
                .await?;
            self.inviters.push((inviter, code));
        }
        if self.one_in(400) {
            tx.set_blocked(member.id, Some(now.plus(Duration::from_hours(24)))).await?;
        } else {
            self.inviters.push((member.id, member.invite_code.clone()));
        }
        self.joined += 1;
        Ok(())
    }

    async fn member(&mut self, tx: &mut dyn Transaction, phone: &Phone, now: Timestamp) -> StoreResult<Member> {
        loop {
            let code = invite_code::generate(&mut self.rng);
            if let AddMember::Added(member) = tx.add_member(phone, &code, now).await? {
                return Ok(member);
            }
        }
    }

    async fn code(
        &mut self,
        tx: &mut dyn Transaction,
        phone: Phone,
        created_at: Timestamp,
        used_at: Option<Timestamp>,
    ) -> StoreResult<()> {
        let code = NewLoginCode {
            flow: FlowId(random_bytes(&mut self.rng)),
            phone,
            device: None,
            length: CodeLength::MIN,
            begins_login: true,
            created_at,
            expires_at: created_at.plus(Duration::from_mins(3)),
        };
        let id = tx.add_login_code(&code).await?.id;
        if let Some(used_at) = used_at {
            tx.use_code(id, used_at).await?;
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "each is a column")]
    async fn add_attempt(
        &mut self,
        tx: &mut dyn Transaction,
        member: &Member,
        visitor: &Visitor,
        typed: &str,
        inviter: Option<MemberId>,
        outcome: AttemptOutcome,
        at: Timestamp,
    ) -> StoreResult<()> {
        let (typed, network) = (typed.to_owned(), Some(visitor.network.as_str().to_owned()));
        tx.add_attempt(&NewAttempt { member: member.id, typed, inviter, outcome, at, network, browser: None }).await
    }

    /// A phone number that no other invented member has.
    fn phone(&mut self) -> Phone {
        // 7919 has no factor in common with the power of ten, so no number comes twice.
        let number = (u64::from(self.joined) * 7919 * 10_007 + 123_456_789) % 1_000_000_000;
        match Phone::from_e164(&format!("+79{number:09}")) {
            Some(phone) => phone,
            None => unreachable!("eleven digits are a number"),
        }
    }

    fn visitor(&mut self) -> Visitor {
        let address = Ipv4Addr::new(100, 64 + self.rng.random_range(0..64), self.rng.random(), self.rng.random());
        let agent = AGENTS[self.rng.random_range(0..AGENTS.len())].to_owned();
        Visitor { network: Network::of(Some(address.into())), device: None, agent }
    }

    fn one_in(&mut self, many: u32) -> bool {
        self.rng.random_range(0..many) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::TestApp;
    use std::collections::HashSet;

    #[tokio::test]
    async fn a_demonstration_is_a_referral_program_whose_numbers_agree() {
        let app = TestApp::new().await;
        let mut told = Vec::new();
        let tell = |done| {
            told.push(done);
            Ok(())
        };
        fill(&app, 1500, tell).await.unwrap();
        assert_eq!(told, [1000, 1500]);
        let members = app.members().await;
        let phones: HashSet<_> = members.iter().filter_map(|member| member.listed.phone.as_ref()).collect();
        assert_eq!(phones.len(), 1500);
        let invitees = || members.iter().map(|member| member.listed.invitees);
        assert_eq!(invitees().sum::<u64>(), app.redemptions().await.len() as u64);
        assert!(invitees().max() > Some(20), "some have many invitees");
        assert!(members.iter().any(|member| member.listed.is_blocked));
        assert!(matches!(fill(&app, 1, |_| Ok(())).await, Err(DemoError::NotEmpty)));
    }
}
