//! `vouch demo --members N`: fills an empty database with invented members, to try out the admin pages.
//!
//! The result is the same each time, except for the day it ends on. A few inviters have most of the invitees
//! (preferential attachment, Barabási and Albert 1999). More and more members join over two years. Some never finish a
//! login, mistype an invite code, or are blocked. With `--hub N`, the first member has N invitees.
//!
//! What a server of this age would have forgotten is not there: otherwise its jobs would delete most rows at the first start.

use crate::model::invite_code::InviteCode;
use crate::model::login_code::CodeLength;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{AttemptOutcome, FlowId, Joined, Lock, MemberId, Network, NewAttempt, NewLoginCode, Visitor};
use crate::server::domain::login::CODE_MEMORY;
use crate::server::domain::{Ports, invite_code};
use crate::server::secrets::random_bytes;
use crate::server::sentences;
use crate::server::settings::Settings;
use crate::server::start::{self, StartError};
use crate::server::storage::StoreError;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::HashSet;
use std::io::Write;
use std::net::Ipv4Addr;
use std::time::Duration;

/// How far back the program goes.
const AGE: Duration = Duration::from_hours(2 * 365 * 24);
/// How many members are added at once.
const BATCH: u32 = 1000;
/// How many members are added in one transaction. Each transaction writes most pages of the indexes again.
const TOGETHER: u32 = 100 * BATCH;
/// What browsers call themselves.
const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile Safari/604.1",
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15; SM-A556B) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36",
];

/// How large a demonstration is.
#[derive(Clone, Copy)]
pub struct Size {
    pub members: u32,
    /// How many invitees the first member has; with 0 as many as it happens.
    pub hub: u32,
}

/// The times before which codes, devices and networks are forgotten.
struct Memory {
    codes: Timestamp,
    devices: Timestamp,
    networks: Timestamp,
}

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The database cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database is in use.
    #[error("{}", sentences::terminal().demo_not_empty)]
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
pub async fn run(settings: &Settings, size: Size) -> Result<(), DemoError> {
    let ports = start::open(settings).await?;
    let filled = fill(&ports, size, |done| {
        let mut out = std::io::stdout().lock();
        write!(out, "\r{}", sentences::terminal().demo_progress(done, size.members))?;
        out.flush()
    });
    let filled = filled.await;
    ports.store.close().await;
    filled?;
    Ok(writeln!(std::io::stdout(), "\n{}", sentences::terminal().demo_done)?)
}

/// Fills a database, telling after each batch how many members there are.
///
/// # Errors
/// When it has members, or fails.
pub async fn fill(
    ports: &Ports,
    size: Size,
    mut tell: impl FnMut(u32) -> std::io::Result<()>,
) -> Result<(), DemoError> {
    if ports.store.member_record(MemberId(1)).await?.is_some() {
        return Err(DemoError::NotEmpty);
    }
    let mut program = Program::new(ports, size);
    while program.joined < size.members {
        let mut tx = ports.store.begin(Lock::Nothing).await?;
        let until = size.members.min(program.joined + TOGETHER);
        while program.joined < until {
            let batch: Vec<_> = (program.joined..until.min(program.joined + BATCH)).map(|_| program.join()).collect();
            tx.add_joined(&batch, program.memory.codes).await?;
            tell(program.joined)?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// The referral program while it is being filled.
struct Program {
    rng: StdRng,
    end: Timestamp,
    memory: Memory,
    size: Size,
    joined: u32,
    /// The code of each member, in the order in which they joined.
    codes: Vec<InviteCode>,
    taken: HashSet<InviteCode>,
    /// Members whose codes may be redeemed: each is listed once, and once more for each of their invitees.
    inviters: Vec<MemberId>,
    /// How many invitees the first member is still to have.
    hub_lacks: u32,
}

impl Program {
    fn new(ports: &Ports, size: Size) -> Self {
        let (end, limits) = (ports.clock.now(), &ports.rules.limits);
        let memory = Memory {
            codes: end.minus(CODE_MEMORY),
            devices: end.minus(limits.login.device_life),
            networks: end.minus(limits.admin.network_memory),
        };
        Self {
            rng: StdRng::seed_from_u64(1),
            end,
            memory,
            size,
            joined: 0,
            codes: Vec::new(),
            taken: HashSet::new(),
            inviters: Vec::new(),
            hub_lacks: size.hub,
        }
    }

    /// When the next member joins. A quarter of the members join in the first half of the time.
    fn next_join(&self) -> Timestamp {
        let share = (f64::from(self.joined) / f64::from(self.size.members)).sqrt();
        self.end.minus(AGE.mul_f64(1.0 - share)).minus(Duration::from_hours(1))
    }

    fn join(&mut self) -> Joined {
        let id = MemberId(i64::from(self.joined) + 1);
        let now = self.next_join();
        let phone = self.phone();
        let visitor = self.visitor();
        let mut codes = Vec::new();
        if self.one_in(6) {
            codes.push((self.login_code(&phone, now), None));
        }
        codes.push((self.login_code(&phone, now), Some(now.plus(Duration::from_secs(30)))));
        let invite_code = self.invite_code();
        let device_hash = (now >= self.memory.devices).then(|| random_bytes(&mut self.rng));
        let attempts = self.attempts(id, &visitor, now);
        let is_hub = self.size.hub > 0 && self.joined == 0;
        let is_blocked = self.one_in(400) && !is_hub;
        if !is_blocked && !is_hub {
            self.inviters.push(id);
        }
        self.joined += 1;
        // Nobody who tries it out is to be asked whether the account is theirs.
        let visited_at = self.end;
        let blocked_at = is_blocked.then(|| now.plus(Duration::from_hours(24)));
        Joined { id, phone, invite_code, joined_at: now, visited_at, blocked_at, codes, visitor, device_hash, attempts }
    }

    /// Every member's code is another one.
    fn invite_code(&mut self) -> InviteCode {
        loop {
            let code = invite_code::generate(&mut self.rng);
            if self.taken.insert(code.clone()) {
                self.codes.push(code.clone());
                return code;
            }
        }
    }

    fn login_code(&mut self, phone: &Phone, created_at: Timestamp) -> NewLoginCode {
        NewLoginCode {
            flow: FlowId(random_bytes(&mut self.rng)),
            phone: phone.clone(),
            device: None,
            length: CodeLength::MIN,
            begins_login: true,
            created_at,
            expires_at: created_at.plus(Duration::from_mins(3)),
        }
    }

    /// One in twelve mistypes a code, and three in four redeem one.
    fn attempts(&mut self, member: MemberId, visitor: &Visitor, now: Timestamp) -> Vec<NewAttempt> {
        let network = (now >= self.memory.networks).then(|| visitor.network.as_str().to_owned());
        let attempt = |code: &InviteCode, inviter, outcome, at| {
            let (typed, network) = (code.as_str().to_owned(), network.clone());
            NewAttempt { member, typed, inviter, outcome, at, network, browser: None }
        };
        let mut attempts = Vec::new();
        if self.one_in(12) {
            let mistyped = invite_code::generate(&mut self.rng);
            attempts.push(attempt(&mistyped, None, AttemptOutcome::Unknown, now));
        }
        if self.one_in(4) {
            return attempts;
        }
        if let Some((inviter, code)) = self.inviter() {
            let now = now.plus(Duration::from_secs(90));
            attempts.push(attempt(&code, Some(inviter), AttemptOutcome::Redeemed, now));
        }
        attempts
    }

    /// Whose code the next member redeems: the first member's, while that one lacks invitees.
    fn inviter(&mut self) -> Option<(MemberId, InviteCode)> {
        if self.hub_lacks > 0 && self.joined > 0 {
            self.hub_lacks -= 1;
            return Some((MemberId(1), self.codes.first()?.clone()));
        }
        if self.inviters.is_empty() {
            return None;
        }
        let inviter = self.inviters[self.rng.random_range(0..self.inviters.len())];
        self.inviters.push(inviter);
        let place = usize::try_from(inviter.0 - 1).ok()?;
        Some((inviter, self.codes.get(place)?.clone()))
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
        Visitor { network: Network::of(Some(address.into())), device: None, agent, language: None }
    }

    fn one_in(&mut self, many: u32) -> bool {
        self.rng.random_range(0..many) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::domain::{login, referral, visitor};
    use crate::tests::TestApp;

    #[tokio::test]
    async fn a_demonstration_is_a_referral_program_whose_numbers_agree() {
        let app = TestApp::new().await;
        let mut told = Vec::new();
        let tell = |done| {
            told.push(done);
            Ok(())
        };
        fill(&app, Size { members: 1500, hub: 0 }, tell).await.unwrap();
        assert_eq!(told, [1000, 1500]);
        let members = app.members().await;
        let phones: HashSet<_> = members.iter().filter_map(|member| member.listed.phone.as_ref()).collect();
        assert_eq!(phones.len(), 1500);
        let invitees = || members.iter().map(|member| member.listed.invitees);
        assert_eq!(invitees().sum::<u64>(), app.redemptions().await.len() as u64);
        assert!(invitees().max() > Some(20), "some have many invitees");
        assert!(members.iter().any(|member| member.listed.is_blocked));
        assert_eq!(login::forget_old_codes(&app).await.unwrap(), 0);
        assert_eq!(visitor::forget_old_devices(&app).await.unwrap(), 0);
        assert_eq!(referral::forget_networks(&app).await.unwrap(), 0);
        assert!(matches!(fill(&app, Size { members: 1, hub: 0 }, |_| Ok(())).await, Err(DemoError::NotEmpty)));
    }

    #[tokio::test]
    async fn the_first_member_can_have_so_many_invitees() {
        let app = TestApp::new().await;
        fill(&app, Size { members: 100, hub: 50 }, |_| Ok(())).await.unwrap();
        let members = app.members().await;
        let first = members.first().map(|member| (member.listed.invitees, member.listed.is_blocked));
        assert_eq!(first, Some((50, false)));
        assert_ne!(
            members.last().and_then(|member| member.redemption.as_ref().map(|it| it.inviter)),
            Some(MemberId(1))
        );
    }
}
