//! Taking members over from a file: each line is looked at and told what is wrong with it; then all of them become members,
//! or none.

use super::audit::{self, Act};
use super::repair::Reason;
use super::{Actor, Admin, AdminResult, Refusal};
use crate::error::{AppError, AppResult};
use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::domain::phone::{self, Region};
use crate::server::domain::{MemberId, Ports, invite_code};
use crate::server::spreadsheet::{Row, Sheet};
use crate::server::storage::{Conflicts, NewImport, StoreResult, Transaction};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// How many lines are looked at before others get their turn.
const CHUNK: usize = 500;
/// How long a file is kept.
const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);
/// What has come no further for so long was interrupted.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many files are listed.
const LISTED: u32 = 20;
/// How much is kept of the name of a file, and of a column.
const NAME: usize = 40;

/// What an import reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The phone. Only erased members have none.
    PhoneNumber,
    /// The member's invite code; one is drawn where there is none.
    InviteCode,
    /// Codes that they had before, with blanks between.
    FormerInviteCodes,
    /// When they joined; now, where nothing is said.
    JoinedAt,
    /// Since when they are locked out.
    BlockedAt,
    /// When they were erased.
    ErasedAt,
    /// The foreign code they activated: of somebody in the file, or of a member.
    RedeemedCode,
    /// When; as they joined, where nothing is said.
    RedeemedAt,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::PhoneNumber,
        Self::InviteCode,
        Self::FormerInviteCodes,
        Self::JoinedAt,
        Self::BlockedAt,
        Self::ErasedAt,
        Self::RedeemedCode,
        Self::RedeemedAt,
    ];

    /// As it stands in the first line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PhoneNumber => "phone_number",
            Self::InviteCode => "invite_code",
            Self::FormerInviteCodes => "former_invite_codes",
            Self::JoinedAt => "joined_at",
            Self::BlockedAt => "blocked_at",
            Self::ErasedAt => "erased_at",
            Self::RedeemedCode => "redeemed_code",
            Self::RedeemedAt => "redeemed_at",
        }
    }

    /// What it means, for people.
    pub fn text(self) -> &'static str {
        match self {
            Self::PhoneNumber => {
                "The phone number. This column has to be there; only members who were erased have none."
            }
            Self::InviteCode => "The member's own invite code; without one, one is drawn.",
            Self::FormerInviteCodes => "Codes they had before, with blanks between.",
            Self::JoinedAt => "When they joined, as in 2026-03-31 or 2026-03-31T08:30:00Z; now, without it.",
            Self::BlockedAt => "Since when they are blocked.",
            Self::ErasedAt => "When they were erased.",
            Self::RedeemedCode => "The code they activated: that of somebody in the file, or of a member.",
            Self::RedeemedAt => "When they activated it; when they joined, without it.",
        }
    }
}

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its lines are being looked at.
    Checking,
    /// They were.
    Checked,
    /// They are becoming members.
    Writing,
    /// They are members.
    Done,
}

impl State {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Writing => "writing",
            Self::Done => "done",
        }
    }

    /// Reads it again.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Checking, Self::Checked, Self::Writing, Self::Done].into_iter().find(|state| state.as_str() == text)
    }
}

/// A file that was brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Names it.
    pub id: i64,
    /// Who brought it.
    pub actor: MemberId,
    /// What it was called.
    pub file_name: String,
    /// How far it has come.
    pub state: State,
    /// When it was brought.
    pub begun_at: Timestamp,
    /// When it came forward last.
    pub touched_at: Timestamp,
    /// How many lines it has.
    pub lines: u32,
    /// How many of them were looked at.
    pub checked: u32,
    /// With how many of them something is wrong.
    pub bad: u32,
    /// The columns that mean nothing to an import.
    pub unread: Vec<String>,
}

impl Import {
    /// Whether it should go on by itself and does not: the server was stopped, or the database failed.
    pub fn is_interrupted(&self, now: Timestamp) -> bool {
        matches!(self.state, State::Checking | State::Writing) && self.touched_at < now.minus(PATIENCE)
    }

    /// What the admin has to do next.
    pub fn next_step(&self, now: Timestamp) -> Step {
        match self.state {
            State::Done => Step::Nothing,
            State::Checking | State::Writing if !self.is_interrupted(now) => Step::Wait,
            State::Checking => Step::BringAgain,
            State::Checked if self.bad > 0 => Step::BringAgain,
            State::Checked | State::Writing => Step::Apply,
        }
    }
}

/// What is to be done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To wait until it has come further.
    Wait,
    /// To put it right, if something is wrong with it, and to bring it again.
    BringAgain,
    /// To have its lines become members.
    Apply,
    /// Nothing more.
    Nothing,
}

impl Step {
    /// As programs read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::BringAgain => "bring-again",
            Self::Apply => "apply",
            Self::Nothing => "nothing",
        }
    }
}

/// A line with which something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, as editors count.
    pub line: u64,
    /// What is wrong with it, in sentences.
    pub problems: Vec<String>,
}

/// A line as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, as editors count.
    pub number: u64,
    /// The phone.
    pub phone: Option<Phone>,
    /// The code that stands there, or one that was drawn.
    pub invite_code: Option<InviteCode>,
    /// The codes before.
    pub former_codes: Vec<InviteCode>,
    /// When the member joined.
    pub joined_at: Timestamp,
    /// Since when they are locked out.
    pub blocked_at: Option<Timestamp>,
    /// When they were erased.
    pub erased_at: Option<Timestamp>,
    /// The foreign code they activated.
    pub redeemed_code: Option<InviteCode>,
    /// The line of its owner, if that stands in the file.
    pub inviter_line: Option<u64>,
    /// When they activated it.
    pub redeemed_at: Timestamp,
    /// What is wrong, in sentences.
    pub problems: Vec<String>,
}

/// What can be wrong with a line. Nothing that stands in it is told again: it may be somebody's phone, which could outlive
/// their erasing here.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("This line is not UTF-8 text. Save the file as CSV UTF-8.")]
    NotText,
    #[error("This line has {0} cells, and the first one has {1}.")]
    CellCount(usize, usize),
    #[error("A cell of this line goes on in the next one. Perhaps a quotation mark is not closed.")]
    LineBreak,
    #[error("There is no phone number.")]
    PhoneMissing,
    #[error("What stands in phone_number is not a possible one. Write it with its country code, as in +79123456789.")]
    PhoneInvalid,
    #[error("The same phone number stands in line {0}.")]
    PhoneTwice(u64),
    #[error("Somebody has this phone number already.")]
    PhoneTaken,
    #[error("A member who was erased has no phone number.")]
    PhoneOfErased,
    #[error("A member who was erased is not blocked.")]
    BlockOfErased,
    #[error("What stands in {0} can be no invite code: six digits and letters, none of them 0, 1, I, L or O.")]
    CodeMalformed(&'static str),
    #[error("The same invite code stands in line {0}.")]
    CodeTwice(u64),
    #[error("Somebody has, or had, this invite code already.")]
    CodeTaken,
    #[error("Nobody has the redeemed code: nobody in this file, and no member.")]
    RedeemedUnknown,
    #[error("The redeemed code is the member's own.")]
    RedeemedOwn,
    #[error("The redeemed codes go in a circle: the inviters of this member were brought in by this member.")]
    RedeemedCircle,
    #[error("There is a day in redeemed_at, and no code in redeemed_code.")]
    RedeemedMissing,
    #[error("What stands in {0} is no day. Write 2026-03-31, or 2026-03-31T08:30:00Z.")]
    DayMalformed(&'static str),
    #[error("The day in {0} is still to come.")]
    DayToCome(&'static str),
}

/// Takes a file in. It is looked through by [`Check::run`], which the caller lets run beside the answer.
///
/// # Errors
/// `ImportNotText`, `ImportEmpty`, `ImportWithoutPhones`, `ImportTooLong`.
pub async fn begin(ports: &Arc<Ports>, by: &Admin, file_name: &str, file: Vec<u8>) -> AdminResult<Check> {
    let most = ports.rules.limits.import_lines;
    let sheet = tokio::task::spawn_blocking(move || Sheet::read(&file, most as usize + 1)).await;
    let Sheet { columns, rows } = sheet.map_err(|error| {
        tracing::error!(%error, "a file could not be read");
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
    let mut tx = ports.store.begin().await?;
    let id = tx.add_import(&new).await?;
    tx.commit().await?;
    Ok(Check { ports: ports.clone(), id, columns, rows })
}

/// The names in the first line.
struct Columns {
    places: HashMap<Column, usize>,
    count: usize,
    unread: Vec<String>,
}

impl Columns {
    /// `None` without the column of the phones.
    fn read(names: &[String]) -> Option<Self> {
        let mut columns = Self { places: HashMap::new(), count: names.len(), unread: Vec::new() };
        for (place, name) in names.iter().enumerate() {
            match Column::ALL.into_iter().find(|column| column.as_str() == name.to_lowercase()) {
                Some(column) if !columns.places.contains_key(&column) => {
                    columns.places.insert(column, place);
                }
                _ => columns.unread.push(name.chars().take(NAME).collect()),
            }
        }
        columns.places.contains_key(&Column::PhoneNumber).then_some(columns)
    }
}

/// A file that is being looked through.
pub struct Check {
    ports: Arc<Ports>,
    /// Names the file.
    pub id: i64,
    columns: Columns,
    rows: Vec<Row>,
}

impl Check {
    /// Looks at every line, and keeps what it found.
    pub async fn run(self) {
        if let Err(error) = self.check().await {
            tracing::error!(%error, import = self.id, "an import could not be looked through");
        }
    }

    async fn check(&self) -> AppResult<()> {
        let ports = &self.ports;
        let mut seen = Seen::default();
        let mut lines = Vec::with_capacity(self.rows.len());
        for rows in self.rows.chunks(CHUNK) {
            for row in rows {
                let mut line = read_line(&self.columns, row, ports.rules.region, ports.clock.now());
                seen.take_in(&mut line);
                lines.push(line);
            }
            ports.store.note_progress(self.id, count(&lines), ports.clock.now()).await?;
        }
        seen.find_inviters(&mut lines);
        find_circles(&mut lines);
        self.draw_codes(&mut lines, &mut seen).await?;
        for lines in lines.chunks(CHUNK) {
            let mut tx = ports.store.begin().await?;
            tx.add_lines(self.id, lines).await?;
            tx.commit().await?;
        }
        let mut tx = ports.store.begin().await?;
        mark_conflicts(tx.as_mut(), self.id).await?;
        tx.finish_check(self.id, ports.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Gives codes to those who bring none.
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

/// What stood in the lines so far, and where.
#[derive(Default)]
struct Seen {
    phones: HashMap<Phone, u64>,
    codes: HashMap<InviteCode, u64>,
}

impl Seen {
    fn take_in(&mut self, line: &mut Line) {
        if let Some(phone) = &line.phone
            && let Some(before) = first(&mut self.phones, phone, line.number)
        {
            line.problems.push(Problem::PhoneTwice(before).to_string());
        }
        for code in line.invite_code.iter().chain(&line.former_codes) {
            if let Some(before) = first(&mut self.codes, code, line.number) {
                line.problems.push(Problem::CodeTwice(before).to_string());
            }
        }
    }

    fn find_inviters(&self, lines: &mut [Line]) {
        for line in lines {
            line.inviter_line = line.redeemed_code.as_ref().and_then(|code| self.codes.get(code)).copied();
            if line.inviter_line == Some(line.number) {
                line.problems.push(Problem::RedeemedOwn.to_string());
            }
        }
    }
}

/// The line in which it stood before; otherwise keeps that it stands in this one.
fn first<K: Clone + Eq + std::hash::Hash>(seen: &mut HashMap<K, u64>, key: &K, line: u64) -> Option<u64> {
    let before = seen.get(key).copied();
    if before.is_none() {
        seen.insert(key.clone(), line);
    }
    before
}

/// Finds members who, along the codes they redeemed, brought themselves in. Nobody in the file is a member yet, so a circle
/// is wholly within it.
fn find_circles(lines: &mut [Line]) {
    let places: HashMap<u64, usize> = lines.iter().enumerate().map(|(place, line)| (line.number, place)).collect();
    let inviter_of = |place: usize| {
        let line = &lines[place];
        line.inviter_line.filter(|inviter| *inviter != line.number).and_then(|inviter| places.get(&inviter)).copied()
    };
    // On which walk from invitee to inviter each line was met first.
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
        // A walk that meets itself goes in a circle from there on.
        let closed = place.filter(|here| met[*here] == Some(start));
        in_circle.extend(std::iter::successors(closed, |here| inviter_of(*here).filter(|next| Some(*next) != closed)));
    }
    for place in in_circle {
        lines[place].problems.push(Problem::RedeemedCircle.to_string());
    }
}

fn read_line(columns: &Columns, row: &Row, region: Region, now: Timestamp) -> Line {
    let mut line = Line {
        number: row.line,
        phone: None,
        invite_code: None,
        former_codes: Vec::new(),
        joined_at: now,
        blocked_at: None,
        erased_at: None,
        redeemed_code: None,
        inviter_line: None,
        redeemed_at: now,
        problems: Vec::new(),
    };
    let cells = match &row.cells {
        None => {
            line.problems.push(Problem::NotText.to_string());
            return line;
        }
        Some(cells) if cells.len() != columns.count => {
            line.problems.push(Problem::CellCount(cells.len(), columns.count).to_string());
            return line;
        }
        Some(cells) if cells.iter().any(|cell| cell.contains(['\r', '\n'])) => {
            line.problems.push(Problem::LineBreak.to_string());
            return line;
        }
        Some(cells) => cells,
    };
    let cell = |column| columns.places.get(&column).map_or("", |place| cells[*place].as_str());
    let mut reader = Reader { problems: &mut line.problems, now };
    line.erased_at = reader.day(cell(Column::ErasedAt), Column::ErasedAt);
    line.phone = reader.phone(cell(Column::PhoneNumber), line.erased_at.is_some(), region);
    line.invite_code = reader.code(cell(Column::InviteCode), Column::InviteCode);
    let former = cell(Column::FormerInviteCodes).split_whitespace();
    line.former_codes = former.filter_map(|code| reader.code(code, Column::FormerInviteCodes)).collect();
    line.joined_at = reader.day(cell(Column::JoinedAt), Column::JoinedAt).unwrap_or(now);
    line.blocked_at = reader.day(cell(Column::BlockedAt), Column::BlockedAt);
    if line.blocked_at.is_some() && line.erased_at.is_some() {
        reader.note(Problem::BlockOfErased);
    }
    line.redeemed_code = reader.code(cell(Column::RedeemedCode), Column::RedeemedCode);
    let redeemed_at = reader.day(cell(Column::RedeemedAt), Column::RedeemedAt);
    if redeemed_at.is_some() && cell(Column::RedeemedCode).is_empty() {
        reader.note(Problem::RedeemedMissing);
    }
    line.redeemed_at = redeemed_at.unwrap_or(line.joined_at);
    line
}

/// Reads the cells of one line, and notes what is wrong with them.
struct Reader<'a> {
    problems: &'a mut Vec<String>,
    now: Timestamp,
}

impl Reader<'_> {
    fn note(&mut self, problem: Problem) {
        self.problems.push(problem.to_string());
    }

    fn phone(&mut self, typed: &str, is_erased: bool, region: Region) -> Option<Phone> {
        match (phone::parse(typed, region), is_erased) {
            (Err(AppError::PhoneMissing), true) => return None,
            (Err(AppError::PhoneMissing), false) => self.note(Problem::PhoneMissing),
            (_, true) => self.note(Problem::PhoneOfErased),
            (Err(_), false) => self.note(Problem::PhoneInvalid),
            (Ok(phone), false) => return Some(phone),
        }
        None
    }

    fn code(&mut self, typed: &str, column: Column) -> Option<InviteCode> {
        match InviteCode::parse(typed) {
            Ok(code) => return Some(code),
            Err(AppError::InviteCodeMissing) => {}
            Err(_) => self.note(Problem::CodeMalformed(column.as_str())),
        }
        None
    }

    fn day(&mut self, typed: &str, column: Column) -> Option<Timestamp> {
        if typed.is_empty() {
            return None;
        }
        let midnight = |day: Date| day.midnight().assume_utc();
        let at = OffsetDateTime::parse(typed, &Rfc3339)
            .or_else(|_| Date::parse(typed, format_description!("[year]-[month]-[day]")).map(midnight));
        match at.map(|at| Timestamp(at.unix_timestamp() * 1000)) {
            Ok(at) if at > self.now => self.note(Problem::DayToCome(column.as_str())),
            Ok(at) if at.0 >= 0 => return Some(at),
            // No phone was verified before 1970.
            Ok(_) | Err(_) => self.note(Problem::DayMalformed(column.as_str())),
        }
        None
    }
}

async fn mark_conflicts(tx: &mut dyn Transaction, id: i64) -> StoreResult<u32> {
    let conflicts = Conflicts {
        phone_taken: &Problem::PhoneTaken.to_string(),
        code_taken: &Problem::CodeTaken.to_string(),
        code_unknown: &Problem::RedeemedUnknown.to_string(),
    };
    tx.mark_conflicts(id, &conflicts).await
}

/// The newest files.
///
/// # Errors
/// `Unavailable`.
pub async fn list(ports: &Ports, _: &Admin) -> AdminResult<Vec<Import>> {
    Ok(ports.store.imports(LISTED).await?)
}

/// One file.
///
/// # Errors
/// `NoSuchImport`.
pub async fn find(ports: &Ports, _: &Admin, id: i64) -> AdminResult<Import> {
    ports.store.import(id).await?.ok_or(Refusal::NoSuchImport)
}

/// The lines of a file with which something is wrong, beginning after line `after`.
///
/// # Errors
/// `Unavailable`.
pub async fn bad_lines(ports: &Ports, _: &Admin, id: i64, after: u64, limit: u32) -> AdminResult<Vec<BadLine>> {
    Ok(ports.store.bad_lines(id, after, limit).await?)
}

/// Begins to make members of the lines of a file; the caller lets [`Takeover::run`] run beside the answer.
///
/// # Errors
/// `ReasonMissing`, `ReasonTooLong`, `NoSuchImport`, `ImportHasBadLines`, `ImportInterrupted`,
/// `ImportUnderWay`, `ImportDone`.
pub async fn apply(ports: &Arc<Ports>, by: &Admin, id: i64, reason: &str) -> AdminResult<Takeover> {
    let reason = Reason::parse(reason)?;
    let import = find(ports, by, id).await?;
    let now = ports.clock.now();
    match import.next_step(now) {
        Step::Nothing => return Err(Refusal::ImportDone),
        Step::Wait => return Err(Refusal::ImportUnderWay),
        Step::BringAgain if import.bad > 0 => return Err(Refusal::ImportHasBadLines),
        Step::BringAgain => return Err(Refusal::ImportInterrupted),
        Step::Apply => {}
    }
    let mut tx = ports.store.begin().await?;
    if !tx.begin_import(id, now, now.minus(PATIENCE)).await? {
        return Err(Refusal::ImportUnderWay);
    }
    tx.commit().await?;
    Ok(Takeover { ports: ports.clone(), by: by.clone(), id, lines: import.lines, reason })
}

/// A file that is becoming members.
pub struct Takeover {
    ports: Arc<Ports>,
    by: Admin,
    id: i64,
    lines: u32,
    reason: Reason,
}

impl Takeover {
    /// Makes members of all lines, in one transaction; or of none, if meanwhile one does not go together with the members
    /// there are.
    pub async fn run(self) {
        match self.write().await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::error!(%error, import = self.id, "an import could not be written; nothing of it was");
                return;
            }
        }
        if let Err(error) = self.ports.store.forget_lines(self.id).await {
            tracing::error!(%error, import = self.id, "the lines of an import are kept until tomorrow");
        }
    }

    async fn write(&self) -> StoreResult<bool> {
        let mut tx = self.ports.store.begin().await?;
        let now = self.ports.clock.now();
        if mark_conflicts(tx.as_mut(), self.id).await? > 0 {
            tx.finish_check(self.id, now).await?;
            tx.commit().await?;
            return Ok(false);
        }
        let (members, redemptions) = tx.write_import(self.id, now).await?;
        if members != u64::from(self.lines) {
            tracing::warn!(import = self.id, "an import was forgotten before it was written; nothing of it was");
            return Ok(false);
        }
        let details = format!("members: {members}, redemptions: {redemptions}");
        let (actor, reason) = (Actor::Admin(&self.by), self.reason.as_str());
        audit::write(tx.as_mut(), now, actor, Act::Import, None, reason, details).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Forgets files that were brought more than a day ago.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.forget_imports_before(ports.clock.now().minus(MEMORY)).await?)
}
