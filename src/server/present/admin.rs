//! What admins see, as texts.

use crate::app::route;
use crate::model::admin::{
    ActView, AuditQuery, AuditRow, AuditView, Chart, DeviceView, ExportView, FlagRow, FlagView, FlagsView, ImportRow,
    ImportStep, ImportView, ImportsView, LoginView, MeantView, MemberQuery, MemberRow, MemberView, MembersView, Moment,
    OverviewView, ROWS, RedemptionView, RepairKind, SecondFactorStep, SecondFactorView, TreeRow, TryView,
};
use crate::model::digits;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::domain::admin::audit::{self, Act, AuditLine};
use crate::server::domain::admin::export::List;
use crate::server::domain::admin::flags::{self, Flag, FlagKind};
use crate::server::domain::admin::import::{self, Import, State, Step};
use crate::server::domain::admin::members::{
    self, Device, ListedMember, LiveLogin, MemberDetails, MemberRecord, Place, RedeemTry, Redemption, TreeNode,
};
use crate::server::domain::admin::overview::{self, Counted, Stretch, Unit};
use crate::server::domain::admin::second_factor::{self, Setup};
use crate::server::domain::admin::{Admin, AdminResult, Refusal, page};
use crate::server::domain::referral::TryOutcome;
use crate::server::domain::{MemberId, phone};
use crate::server::present::chart::{self, Column};
use crate::server::spreadsheet::Format;
use crate::server::visit::Visit;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use time::macros::format_description;

/// The page of the second factor.
pub async fn second_factor(visit: &Visit) -> AdminResult<SecondFactorView> {
    let (member, is_recent) = visit.candidate().await?;
    let grant = crate::server::domain::admin::grants::of_member(&visit.ports, member).await?;
    let step = if !is_recent {
        SecondFactorStep::LogInAgain
    } else if grant.enrolled_at.is_some() {
        SecondFactorStep::Enter
    } else {
        match second_factor::setup(&visit.ports, member).await? {
            None => SecondFactorStep::SetUp,
            Some(Setup { qr, url, secret, recovery_codes }) => {
                SecondFactorStep::Confirm { qr, url, secret, recovery_codes }
            }
        }
    };
    Ok(SecondFactorView { flash: visit.take_flash(route::SECOND_FACTOR).await?, step })
}

/// How the programme goes.
pub async fn overview(visit: &Visit, unit: &str) -> AdminResult<OverviewView> {
    let admin = visit.admin().await?;
    let chosen = Unit::parse(unit);
    let seen = overview::read(&visit.ports, &admin, chosen).await?;
    let share = |part: u64, whole: u64| (part * 100).checked_div(whole);
    let in_all = |what| seen.stretches.iter().map(|stretch| stretch.counts.of(what)).sum::<u64>();
    let totals = [
        ("Members", seen.totals.of(Counted::Members).saturating_sub(seen.erased)),
        ("Redemptions", seen.totals.of(Counted::Redemptions)),
        ("Blocked", seen.blocked),
        ("Erased", seen.erased),
    ];
    let (begun, finished, redeemed) =
        (in_all(Counted::LoginsBegun), in_all(Counted::LoginsFinished), in_all(Counted::Redemptions));
    let charts = [
        ("Members who joined", &["joined"][..], &[Counted::Members][..]),
        ("Logins", &["begun", "finished"], &[Counted::LoginsBegun, Counted::LoginsFinished]),
        ("Codes activated", &["activated"], &[Counted::Redemptions]),
        ("Messages", &["sent", "used"], &[Counted::MessagesSent, Counted::LoginsFinished]),
    ];
    Ok(OverviewView {
        unit: unit_name(chosen).to_owned(),
        totals: totals.map(|(name, count)| (name.to_owned(), thousands(count))).to_vec(),
        funnel: vec![
            ("Logins begun".to_owned(), thousands(begun), None),
            ("Logins finished".to_owned(), thousands(finished), share(finished, begun)),
            ("Codes activated".to_owned(), thousands(redeemed), share(redeemed, finished)),
        ],
        charts: charts.map(|(title, names, series)| over_time(title, names, series, chosen, &seen.stretches)).to_vec(),
        top: seen.top.iter().map(member_row).collect(),
    })
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
    }
}

fn over_time(title: &str, names: &[&str], series: &[Counted], unit: Unit, stretches: &[Stretch]) -> Chart {
    let columns = stretches.iter().map(|stretch| {
        let (year, month, day) = stretch.first.to_calendar_date();
        let month = overview::month_text(month);
        let (label, short) = match unit {
            Unit::Day => (format!("{day} {month} {year}"), format!("{day} {month}")),
            Unit::Week => (format!("Week from {day} {month} {year}"), format!("{day} {month}")),
            Unit::Month => (format!("{month} {year}"), format!("{month} {}", year % 100)),
        };
        Column { label, short, values: series.iter().map(|what| stretch.counts.of(*what)).collect() }
    });
    let columns: Vec<_> = columns.collect();
    let sum = |number: usize| columns.iter().map(|column| column.values[number]).sum::<u64>();
    let sums = names.iter().enumerate().map(|(number, name)| format!("{} {name}", thousands(sum(number))));
    let most = columns.iter().max_by_key(|column| column.values[0]);
    let most = most.filter(|column| column.values[0] > 0);
    let most = most.map(|most| format!(" The most: {} ({}).", thousands(most.values[0]), most.label));
    let period = match unit {
        Unit::Day => "30 days",
        Unit::Week => "26 weeks",
        Unit::Month => "24 months",
    };
    let summary = format!("In {period}: {}.{}", sums.collect::<Vec<_>>().join(", "), most.unwrap_or_default());
    chart::chart(title, summary, names, columns)
}

/// With blanks between thousands, as in 12 345.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join("\u{202f}")
}

/// The list of members.
pub async fn members(visit: &Visit, query: MemberQuery) -> AdminResult<MembersView> {
    let admin = visit.admin().await?;
    let (problem, found) = told(members::search(&visit.ports, &admin, &query, ROWS + 1).await)?;
    let (found, next) = page(found, ROWS, |last| Place::of(last, &query));
    Ok(MembersView { problem, members: found.iter().map(member_row).collect(), next, query })
}

/// What a search found, or what is wrong with it, in a sentence for the form.
fn told<T: Default>(found: AdminResult<T>) -> AdminResult<(Option<String>, T)> {
    match found {
        Ok(found) => Ok((None, found)),
        Err(
            wrong @ (Refusal::SearchUnclear
            | Refusal::FilterUnknown
            | Refusal::InviterUnknown
            | Refusal::DayMalformed
            | Refusal::MemberUnknown),
        ) => Ok((Some(wrong.to_string()), T::default())),
        Err(refused) => Err(refused),
    }
}

/// A member's page; `unfolded` are the numbers in the tree that are, parted by dots.
pub async fn member(visit: &Visit, id: i64, unfolded: &str) -> AdminResult<MemberView> {
    let admin = visit.admin().await?;
    let details = members::read(&visit.ports, &admin, MemberId(id)).await?;
    let unfolded: Vec<i64> = unfolded.split('.').filter_map(digits).collect();
    let ids: Vec<_> = unfolded.iter().copied().map(MemberId).collect();
    let tree = members::tree(&visit.ports, &admin, MemberId(id), &ids).await?;
    let acts = audit::about(&visit.ports, &admin, MemberId(id), ROWS).await?;
    let record = &details.record;
    let can_attach = record.redemption.is_none() && record.erased_at.is_none();
    Ok(MemberView {
        row: member_row(&record.listed),
        blocked: record.blocked_at.map(moment),
        erased: record.erased_at.map(moment),
        is_admin: record.is_admin,
        redemption: record.redemption.as_ref().map(|present| redemption(present, &acts)),
        former_codes: record.former_codes.iter().map(|(code, until)| (code.to_string(), day(*until))).collect(),
        tree: tree.iter().map(|node| tree_row(node, &unfolded)).collect(),
        tries: details.tries.iter().map(|tried| try_view(tried, &details, can_attach)).collect(),
        devices: details.devices.iter().map(device).collect(),
        logins: details.logins.iter().map(login).collect(),
        acts: audit_rows(visit, &admin, &acts).await?,
    })
}

/// The form of an act.
pub async fn act(visit: &Visit, id: i64, act: &str) -> AdminResult<ActView> {
    let admin = visit.admin().await?;
    let kind = RepairKind::parse(act).ok_or(Refusal::NoSuchAct)?;
    let MemberRecord { listed, redemption, .. } = members::record(&visit.ports, &admin, MemberId(id)).await?;
    Ok(ActView {
        flash: visit.take_flash(&route::act(id, kind.as_str())).await?,
        row: member_row(&listed),
        activated: redemption.map(|redemption| redemption.code.to_string()),
    })
}

/// What looks odd.
pub async fn flags(visit: &Visit, waiting: bool, after: &str) -> AdminResult<FlagsView> {
    let admin = visit.admin().await?;
    let flags = flags::list(&visit.ports, &admin, waiting, digits(after).unwrap_or_default(), ROWS + 1).await?;
    let (flags, next) = page(flags, ROWS, |last| last.id);
    Ok(FlagsView { waiting, flags: flags.iter().map(flag_row).collect(), next })
}

/// One flag, to be reviewed.
pub async fn flag(visit: &Visit, id: i64) -> AdminResult<FlagView> {
    let admin = visit.admin().await?;
    let flag = flags::read(&visit.ports, &admin, id).await?;
    Ok(FlagView { flash: visit.take_flash(&route::flag(id)).await?, flag: flag_row(&flag) })
}

fn flag_row(flag: &Flag) -> FlagRow {
    let count = flag.count;
    let (title, text) = match flag.kind {
        FlagKind::SameBrowser => {
            ("One browser", format!("{count} people redeemed this member's code with one and the same browser."))
        }
        FlagKind::SameNetwork => {
            ("One network", format!("{count} people redeemed this member's code from one network ({}).", flag.source))
        }
        FlagKind::Ring => {
            ("A ring", format!("{count} redemptions between members who log in with one and the same browser."))
        }
        FlagKind::Posted => (
            "Posted?",
            format!("{count} people redeemed this member's code in a short time, as if it stood somewhere in public."),
        ),
        FlagKind::Guessing => {
            ("Guessing", format!("This member tried {count} codes that nobody has, in a short time."))
        }
    };
    FlagRow {
        id: flag.id,
        title: title.to_owned(),
        text,
        member: flag.member.0,
        name: name(flag.phone.as_ref()),
        first: moment(flag.first_at),
        last: moment(flag.last_at),
        verdict: flag.verdict.map(|verdict| verdict.as_str().to_owned()),
    }
}

/// The audit log.
pub async fn audit(visit: &Visit, query: AuditQuery) -> AdminResult<AuditView> {
    let admin = visit.admin().await?;
    let (problem, lines) = told(audit::search(&visit.ports, &admin, &query, ROWS + 1).await)?;
    let (lines, next) = page(lines, ROWS, |last| last.id);
    Ok(AuditView {
        problem,
        acts: Act::ALL.iter().map(|act| (act.as_str().to_owned(), act.text().to_owned())).collect(),
        next,
        rows: audit_rows(visit, &admin, &lines).await?,
        query,
    })
}

async fn audit_rows(visit: &Visit, admin: &Admin, lines: &[AuditLine]) -> AdminResult<Vec<AuditRow>> {
    let mut names: HashMap<MemberId, String> = HashMap::new();
    let named: Vec<_> = lines.iter().flat_map(|line| [line.actor, line.subject]).flatten().collect();
    for member in named {
        if let Entry::Vacant(unknown) = names.entry(member) {
            let record = members::record(&visit.ports, admin, member).await?;
            unknown.insert(name(record.listed.phone.as_ref()));
        }
    }
    let row = |line: &AuditLine| AuditRow {
        id: line.id,
        at: moment(line.at),
        actor: line.actor.and_then(|actor| names.get(&actor).cloned()).unwrap_or_else(|| "The host".to_owned()),
        actor_id: line.actor.map(|actor| actor.0),
        act: line.act.text().to_owned(),
        subject: line.subject.map(|subject| subject.0),
        subject_name: line.subject.and_then(|subject| names.get(&subject).cloned()).unwrap_or_default(),
        reason: line.reason.clone(),
        details: line.details.clone(),
        address: line.address.clone(),
    };
    Ok(lines.iter().map(row).collect())
}

/// The form by which lists are taken away.
pub async fn export(visit: &Visit) -> AdminResult<ExportView> {
    visit.admin().await?;
    let lists = List::ALL.map(|list| {
        let text = match list {
            List::Members => "Members",
            List::Redemptions => "Redemptions",
            List::Audit => "Audit log",
        };
        (list.as_str().to_owned(), text.to_owned())
    });
    let formats = Format::ALL.map(|format| {
        let text = match format {
            Format::Csv => "Spreadsheet (CSV)",
            Format::JsonLines => "Program (JSON lines)",
        };
        (format.as_str().to_owned(), text.to_owned())
    });
    let flash = visit.take_flash(route::EXPORT).await?;
    Ok(ExportView { flash, lists: lists.to_vec(), formats: formats.to_vec() })
}

/// Files of members, and the form by which one is brought.
pub async fn imports(visit: &Visit) -> AdminResult<ImportsView> {
    let admin = visit.admin().await?;
    let now = visit.ports.clock.now();
    let imports = import::list(&visit.ports, &admin).await?;
    Ok(ImportsView {
        flash: visit.take_flash(route::IMPORTS).await?,
        columns: import::Column::ALL.map(|column| (column.as_str().to_owned(), column.text().to_owned())).to_vec(),
        most: thousands(visit.ports.rules.limits.import_lines.into()),
        imports: imports.iter().map(|import| import_row(import, now)).collect(),
    })
}

/// One file of members.
pub async fn one_import(visit: &Visit, id: i64, after: &str) -> AdminResult<ImportView> {
    let admin = visit.admin().await?;
    let now = visit.ports.clock.now();
    let import = import::find(&visit.ports, &admin, id).await?;
    let bad = import::bad_lines(&visit.ports, &admin, id, digits(after).unwrap_or_default(), ROWS + 1).await?;
    let (bad, next) = page(bad, ROWS, |last| last.line);
    let step = match import.next_step(now) {
        Step::Wait => {
            ImportStep::Wait { done: (import.state == State::Checking).then_some(import.checked), of: import.lines }
        }
        Step::BringAgain => ImportStep::BringAgain,
        Step::Apply => ImportStep::Confirm,
        Step::Nothing => ImportStep::Nothing,
    };
    Ok(ImportView {
        flash: visit.take_flash(&route::import(id)).await?,
        row: import_row(&import, now),
        step,
        unread: import.unread.join(", "),
        bad_lines: bad.into_iter().map(|bad| (bad.line, bad.problems)).collect(),
        next,
    })
}

fn import_row(import: &Import, now: Timestamp) -> ImportRow {
    let many =
        |number: u32, what: &str| format!("{} {what}{}", thousands(number.into()), if number == 1 { "" } else { "s" });
    let lines = many(import.lines, "line");
    let text = match import.state {
        State::Done => format!("This file brought {}.", many(import.lines, "member")),
        _ if import.is_interrupted(now) => "This was interrupted. Nothing was imported.".to_owned(),
        State::Checking => format!("Looking through {lines}: {} done.", thousands(import.checked.into())),
        State::Writing => format!("Importing {}.", many(import.lines, "member")),
        State::Checked if import.bad > 0 => {
            format!("Of {lines}, {} cannot be imported. Nothing was imported.", thousands(import.bad.into()))
        }
        State::Checked => format!("{lines} can be imported. Nothing was imported yet."),
    };
    let name = if import.file_name.is_empty() { "Sent over the API".to_owned() } else { import.file_name.clone() };
    ImportRow { id: import.id, name, at: moment(import.begun_at), text }
}

fn member_row(member: &ListedMember) -> MemberRow {
    MemberRow {
        id: member.id.0,
        name: name(member.phone.as_ref()),
        invite_code: member.invite_code.to_string(),
        joined: day(member.created_at),
        is_blocked: member.is_blocked,
        invitees: member.invitees,
    }
}

fn name(phone: Option<&Phone>) -> String {
    phone.map_or_else(|| "Erased member".to_owned(), phone::international)
}

fn redemption(redemption: &Redemption, acts: &[AuditLine]) -> RedemptionView {
    RedemptionView {
        inviter: redemption.inviter.0,
        inviter_name: name(redemption.inviter_phone.as_ref()),
        code: redemption.code.to_string(),
        at: moment(redemption.redeemed_at),
        by_hand: acts.iter().any(|line| line.act == Act::Attach && line.at == redemption.redeemed_at),
    }
}

fn tree_row(node: &TreeNode, unfolded: &[i64]) -> TreeRow {
    let id = node.member.id.0;
    let toggled = || {
        let others = unfolded.iter().filter(|other| **other != id);
        let ids = others.chain((!node.is_unfolded).then_some(&id));
        ids.map(i64::to_string).collect::<Vec<_>>().join(".")
    };
    TreeRow {
        row: member_row(&node.member),
        depth: node.depth,
        toggled: (node.member.invitees > 0).then(toggled),
        is_unfolded: node.is_unfolded,
        more: node.more,
    }
}

fn try_view(tried: &RedeemTry, details: &MemberDetails, can_attach: bool) -> TryView {
    let present = details.record.redemption.as_ref();
    let has_counted = tried.outcome == TryOutcome::Redeemed;
    let is_present = present.is_some_and(|present| present.code.as_str() == tried.typed);
    let meant = details.meant.get(&tried.id).into_iter().flatten().map(|meant| MeantView {
        code: meant.code.to_string(),
        owner: meant.member.0,
        owner_name: name(Some(&meant.phone)),
        is_attachable: can_attach,
    });
    let may_be_right = matches!(tried.outcome, TryOutcome::Replaced | TryOutcome::OwnerBlocked | TryOutcome::TooMany);
    TryView {
        typed: tried.typed.clone(),
        inviter: tried.inviter.map(|inviter| inviter.0),
        has_counted: has_counted && is_present,
        explanation: match (has_counted, is_present) {
            (true, false) => "It counted until an admin detached it.".to_owned(),
            (false, true) => format!("{} An admin attached it since.", explanation(tried.outcome)),
            _ => explanation(tried.outcome).to_owned(),
        },
        at: moment(tried.last_at),
        times: tried.times,
        network: tried.network.clone().unwrap_or_default(),
        attachable: (can_attach && may_be_right).then(|| tried.typed.clone()),
        meant: meant.collect(),
    }
}

/// Why a try counted, or did not.
fn explanation(outcome: TryOutcome) -> &'static str {
    match outcome {
        TryOutcome::Redeemed => "It counted.",
        TryOutcome::Second => "Not counted: this member had activated a code before, and one is all a member gets.",
        TryOutcome::Malformed => "Not counted: a code has six characters, and this has more.",
        TryOutcome::Unknown => {
            "Not counted: nobody had this code. Look for a slip: a code never holds 0, 1, I, L or O."
        }
        TryOutcome::Replaced => "Not counted: its owner had been given a new code.",
        TryOutcome::Own => "Not counted: this is the member's own code.",
        TryOutcome::OfInvitee => {
            "Not counted: its owner came through this member, so it cannot have brought them here."
        }
        TryOutcome::OwnerBlocked => "Not counted: its owner was blocked then.",
        TryOutcome::TooMany => "Not looked at: the member had tried too many codes that nobody has.",
    }
}

fn device(device: &Device) -> DeviceView {
    let agent = if device.agent.is_empty() { "A program without a name" } else { &device.agent };
    DeviceView {
        agent: agent.to_owned(),
        network: device.network.clone(),
        first: moment(device.created_at),
        last: moment(device.seen_at),
    }
}

fn login(login: &LiveLogin) -> LoginView {
    LoginView { is_api: login.is_api, began: moment(login.created_at), ends: moment(login.expires_at) }
}

fn day(at: Timestamp) -> Moment {
    let (iso, text) = super::day(at);
    Moment { iso, text }
}

fn moment(at: Timestamp) -> Moment {
    let text =
        at.utc().format(format_description!("[day padding:none] [month repr:short] [year], [hour]:[minute] UTC"));
    Moment { iso: at.rfc3339(), text: text.unwrap_or_default() }
}
