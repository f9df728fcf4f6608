//! The progress of a member as an inviter.

use crate::model::progress::{BarView, BoardRowView, BoardView, MilestoneView, ProgressView};
use crate::model::thousands;
use crate::server::data::{BoardRow, InviterRecord, MemberId};
use crate::server::domain::periods::Unit;
use crate::server::domain::phone;
use crate::server::domain::progress::{Period, Progress, next};
use crate::server::sentences;
use crate::server::settings::Milestone;

pub fn progress(progress: &Progress, member: MemberId) -> ProgressView {
    let words = sentences::documents();
    let invitees = progress.record.invitees;
    let most = progress.periods.iter().map(|period| period.joined).max().unwrap_or_default().max(1);
    let milestone = |milestone: &Milestone| MilestoneView {
        people: words.people(milestone.invitees),
        sentence: milestone.sentence.clone(),
        is_reached: milestone.invitees <= invitees,
    };
    ProgressView {
        total: words.joined_with_your_code(invitees),
        period: match progress.unit {
            Unit::Day => words.day,
            Unit::Week => words.week_from,
            Unit::Month => words.month,
        },
        bars: progress.periods.iter().map(|period| bar(period, progress.unit, most)).collect(),
        milestones: progress.milestones.iter().map(milestone).collect(),
        board: progress.board.as_ref().map(|rows| board(rows, &progress.record, member)),
    }
}

fn bar(period: &Period, unit: Unit, most: u64) -> BarView {
    let (year, month, day) = period.first.to_calendar_date();
    let words = sentences::service();
    let label = match unit {
        Unit::Day | Unit::Week => format!("{day} {} {year}", words.short_month(month)),
        Unit::Month => format!("{} {year}", words.month_alone(month)),
    };
    BarView { label, joined: thousands(period.joined), length: period.joined * 100 / most }
}

fn board(rows: &[BoardRow], own: &InviterRecord, member: MemberId) -> BoardView {
    let place = |invitees: u64| 1 + rows.iter().filter(|row| row.invitees > invitees).count() as u64;
    let view = |row: &BoardRow| BoardRowView {
        place: thousands(place(row.invitees)),
        phone: phone::masked(&row.phone),
        invitees: thousands(row.invitees),
        is_own: row.member == member,
    };
    let is_seen = rows.iter().any(|row| row.member == member);
    let has_place = own.is_on_board && own.invitees > 0 && !is_seen;
    BoardView {
        rows: rows.iter().map(view).collect(),
        is_on_it: own.is_on_board,
        own_place: if has_place { sentences::documents().your_place(own.ahead + 1) } else { String::new() },
    }
}

/// What is next for a member with so many invitees; empty after the last milestone.
pub fn next_milestone(milestones: &[Milestone], invitees: u64) -> String {
    let sentence = |next: &Milestone| sentences::documents().next_milestone(invitees, next.invitees, &next.sentence);
    next(milestones, invitees).map(sentence).unwrap_or_default()
}
