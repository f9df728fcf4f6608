//! The first step of an import: every line is checked by itself, against the other lines, and against the present
//! members.

use super::column::{Columns, NAME};
use super::line;
use crate::error::{AppError, AppResult};
use crate::model::admin::{AdminResult, Refusal};
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::data::{Line, LineProblem, Lock, NewImport};
use crate::server::domain::admin::actor::Admin;
use crate::server::domain::{Ports, invite_code};
use crate::server::spreadsheet::{Row, Sheet};
use std::collections::HashMap;
use std::sync::Arc;

/// Lines that are read before the task yields to others.
const CHUNK: usize = 500;

/// Reads a file and stores the import. The caller runs [`Check::run`] in the background.
///
/// # Errors
/// `ImportNotText`, `ImportEmpty`, `ImportWithoutPhones`, `ImportTooLong`.
pub async fn begin(ports: &Arc<Ports>, by: &Admin, file_name: &str, file: Vec<u8>) -> AdminResult<Check> {
    let most = ports.rules.limits.admin.import_lines;
    let sheet = tokio::task::spawn_blocking(move || Sheet::read(&file, most as usize + 1)).await;
    let Sheet { columns, rows } = sheet.map_err(|error| {
        tracing::error!(?error, "the task that reads an imported file failed");
        AppError::Unavailable
    })?;
    let names = columns.ok_or(Refusal::ImportNotText)?;
    if names.is_empty() {
        return Err(Refusal::ImportEmpty);
    }
    let columns = Columns::read(&names).ok_or(Refusal::ImportWithoutPhones)?;
    let lines = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    match lines {
        0 => return Err(Refusal::ImportEmpty),
        _ if lines > most => return Err(Refusal::ImportTooLong { most }),
        _ => {}
    }
    let begun_at = ports.clock.now();
    let file_name: String = file_name.chars().take(NAME).collect();
    let new = NewImport { actor: by.member, file_name: &file_name, begun_at, lines, unread: &columns.unread };
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    let id = tx.add_import(&new).await?;
    tx.commit().await?;
    Ok(Check { ports: ports.clone(), id, columns, rows })
}

/// A check that was started.
pub struct Check {
    ports: Arc<Ports>,
    /// The id of the import.
    pub id: i64,
    columns: Columns,
    rows: Vec<Row>,
}

impl Check {
    /// Checks every line and stores the result. A failure is logged; the import then counts as interrupted.
    pub async fn run(self) {
        if let Err(error) = self.check().await {
            tracing::error!(?error, import = self.id, "the check of an import failed");
        }
    }

    async fn check(&self) -> AppResult<()> {
        let ports = &self.ports;
        let mut seen = Seen::default();
        let mut lines = Vec::with_capacity(self.rows.len());
        for rows in self.rows.chunks(CHUNK) {
            for row in rows {
                let mut line = line::read(&self.columns, row, ports.rules.region, ports.clock.now());
                seen.add(&mut line);
                lines.push(line);
            }
            ports.store.note_progress(self.id, count(&lines), ports.clock.now()).await?;
        }
        seen.find_inviters(&mut lines);
        find_circles(&mut lines);
        self.draw_codes(&mut lines, &mut seen).await?;
        for lines in lines.chunks(CHUNK) {
            let mut tx = ports.store.begin(Lock::Nothing).await?;
            tx.add_lines(self.id, lines).await?;
            tx.commit().await?;
        }
        let mut tx = ports.store.begin(Lock::Nothing).await?;
        tx.mark_conflicts(self.id).await?;
        tx.finish_check(self.id, ports.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Generates invite codes for the valid lines without one.
    async fn draw_codes(&self, lines: &mut [Line], seen: &mut Seen) -> AppResult<()> {
        let mut rng = self.ports.rng()?;
        for line in lines.iter_mut().filter(|line| line.invite_code.is_none() && line.problems.is_empty()) {
            while line.invite_code.is_none() {
                let code = invite_code::generate(&mut *rng);
                if seen.codes.contains_key(&code) || self.ports.store.owner_of_code(&code).await?.is_some() {
                    continue;
                }
                seen.codes.insert(code.clone(), line.number);
                line.invite_code = Some(code);
            }
        }
        Ok(())
    }
}

fn count(lines: &[Line]) -> u32 {
    u32::try_from(lines.len()).unwrap_or(u32::MAX)
}

/// The phones and codes of the lines read so far, with their line numbers.
#[derive(Default)]
struct Seen {
    phones: HashMap<Phone, u64>,
    codes: HashMap<InviteCode, u64>,
}

impl Seen {
    fn add(&mut self, line: &mut Line) {
        if let Some(phone) = &line.phone
            && let Some(before) = first(&mut self.phones, phone, line.number)
        {
            line.problems.push(LineProblem::PhoneTwice(before));
        }
        for code in line.invite_code.iter().chain(&line.former_codes) {
            if let Some(before) = first(&mut self.codes, code, line.number) {
                line.problems.push(LineProblem::CodeTwice(before));
            }
        }
    }

    fn find_inviters(&self, lines: &mut [Line]) {
        for line in lines {
            line.inviter_line = line.redeemed_code.as_ref().and_then(|code| self.codes.get(code)).copied();
            if line.inviter_line == Some(line.number) {
                line.problems.push(LineProblem::RedeemedOwn);
            }
        }
    }
}

/// The earlier line with the same key; otherwise records this line and returns `None`.
fn first<K: Clone + Eq + std::hash::Hash>(seen: &mut HashMap<K, u64>, key: &K, line: u64) -> Option<u64> {
    let before = seen.get(key).copied();
    if before.is_none() {
        seen.insert(key.clone(), line);
    }
    before
}

/// Finds members who are their own inviters along a chain of redeemed codes. Nobody in the file is a member yet, so
/// such a circle is wholly within the file.
fn find_circles(lines: &mut [Line]) {
    let places: HashMap<u64, usize> = lines.iter().enumerate().map(|(place, line)| (line.number, place)).collect();
    let inviter_of = |place: usize| {
        let line = &lines[place];
        line.inviter_line.filter(|inviter| *inviter != line.number).and_then(|inviter| places.get(&inviter)).copied()
    };
    // For each line, the start of the walk from invitee to inviter that reached it first.
    let mut met: Vec<Option<usize>> = vec![None; lines.len()];
    let mut in_circle = Vec::new();
    for start in 0..lines.len() {
        let mut place = Some(start);
        while let Some(here) = place
            && met[here].is_none()
        {
            met[here] = Some(start);
            place = inviter_of(here);
        }
        // A walk that reaches a line of its own has found a circle, which begins there.
        let closed = place.filter(|here| met[*here] == Some(start));
        in_circle.extend(std::iter::successors(closed, |here| inviter_of(*here).filter(|next| Some(*next) != closed)));
    }
    for place in in_circle {
        lines[place].problems.push(LineProblem::RedeemedCircle);
    }
}
