//! What a member has achieved as an inviter: over time, the milestones of the host, and the board of those who want to be on
//! it.

use super::Ports;
use super::periods::{Unit, date, day_number};
use crate::error::{AppError, AppResult};
use crate::server::clock::Timestamp;
use crate::server::data::{BoardRow, InviterRecord, MemberId};
use crate::server::settings::{Milestone, Switch};
use time::Date;

/// How many members are on the board.
const ON_BOARD: u32 = 20;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub struct Progress {
    pub record: InviterRecord,
    pub unit: Unit,
    /// The periods since the first invitee joined, at most as many as `unit` has, oldest first. Empty without invitees.
    pub periods: Vec<Period>,
    /// In the order of their numbers.
    pub milestones: Vec<Milestone>,
    /// Most invitees first; `None` if the host wants no board.
    pub board: Option<Vec<BoardRow>>,
}

pub struct Period {
    pub first: Date,
    pub joined: u64,
}

/// # Errors
/// `LoginRequired` when the member no longer exists.
pub async fn read(ports: &Ports, member: MemberId) -> AppResult<Progress> {
    let record = ports.store.inviter(member).await?.ok_or(AppError::LoginRequired)?;
    let (unit, periods) = match record.first_at {
        Some(first) => over_time(ports, member, first).await?,
        None => (Unit::default(), Vec::new()),
    };
    let board = match ports.rules.board {
        Switch::On => Some(ports.store.board(ON_BOARD).await?),
        Switch::Off => None,
    };
    Ok(Progress { record, unit, periods, milestones: ports.rules.milestones.clone(), board })
}

/// The shortest periods that show all since the first invitee, or as much as there is room for.
async fn over_time(ports: &Ports, member: MemberId, first: Timestamp) -> AppResult<(Unit, Vec<Period>)> {
    let (first, today) = (date(first.day()), date(ports.clock.now().day()));
    let shows_all = |unit: &Unit| unit.stretches(today).first().is_some_and(|oldest| *oldest <= first);
    let unit = [Unit::Day, Unit::Week].into_iter().find(shows_all).unwrap_or(Unit::Month);
    let mut stretches = unit.stretches(today);
    stretches.retain(|stretch| *stretch >= unit.first_day(first));
    let mut periods: Vec<_> = stretches.into_iter().map(|first| Period { first, joined: 0 }).collect();
    let since = periods.first().map_or(0, |period| day_number(period.first));
    for counted in ports.store.days_of_invitees(member, Timestamp(since * DAY_MS)).await? {
        let first = unit.first_day(date(counted.day));
        if let Some(period) = periods.iter_mut().find(|period| period.first == first) {
            period.joined += counted.joined;
        }
    }
    Ok((unit, periods))
}

/// The next milestone of a member with so many invitees.
pub fn next(milestones: &[Milestone], invitees: u64) -> Option<&Milestone> {
    milestones.iter().find(|milestone| milestone.invitees > invitees)
}

/// Puts a member on the board, or takes them off.
///
/// # Errors
/// `Unavailable`.
pub async fn set_on_board(ports: &Ports, member: MemberId, is_on_board: bool) -> AppResult<()> {
    Ok(ports.store.set_on_board(member, is_on_board).await?)
}
