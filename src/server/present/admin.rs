//! The admin pages: domain values as texts, ready to be displayed. No rule and no storage here.

use super::{day as day_of, moment};
use crate::model::admin::{
    ActView, AttemptView, AuditQuery, AuditRow, AuditView, BegunLoginView, DeviceView, ExportView, FlagRow, FlagView,
    FlagsView, ImportRow, ImportStep, ImportView, ImportsView, LoginView, MeantView, MemberQuery, MemberRow,
    MemberView, MembersView, ROWS, RedemptionView, Refusal, SecondFactorStep, SecondFactorView, SetAsideView, TreeRow,
};
use crate::model::moment::Moment;
use crate::model::phone::Phone;
use crate::model::profile::Flash;
use crate::model::{digits, thousands};
use crate::server::clock::Timestamp;
use crate::server::data::{
    Act, Attempt, AttemptOutcome, AuditLine, BadLine, Column, Delivery, Device, FORGOTTEN_SOURCE, Flag, FlagKind, HOST,
    Import, ImportState, LineProblem, List, ListedMember, LiveLogin, LoginAttempt, MemberId, MemberRecord,
    MessageState, NextStep, Place, Redemption, SELF, SentMessage, Verdict,
};
use crate::server::domain::admin::audit::{NamedLines, details_text};
use crate::server::domain::admin::members::{MemberDetails, MemberPage, TreeNode};
use crate::server::domain::admin::second_factor::{Setup, Stage};
use crate::server::domain::admin::{AdminResult, page};
use crate::server::domain::budget::Left;
use crate::server::domain::login::limits::LoginLimitsOfPhone;
use crate::server::domain::phone;
use crate::server::spreadsheet::Format;
use crate::words;
use strum::VariantArray;

pub fn second_factor(stage: Stage, flash: Flash<Refusal>) -> SecondFactorView {
    let step = match stage {
        Stage::LogInAgain => SecondFactorStep::LogInAgain,
        Stage::SetUp => SecondFactorStep::SetUp,
        Stage::Confirm(Setup { qr, url, secret, recovery_codes }) => {
            SecondFactorStep::Confirm { qr, url, secret, recovery_codes }
        }
        Stage::Enter => SecondFactorStep::Enter,
    };
    SecondFactorView { flash, step }
}

/// The list of members, or why the search was refused.
///
/// # Errors
/// Refusals that are not about the search form.
pub fn members(found: AdminResult<Vec<ListedMember>>, query: MemberQuery) -> AdminResult<MembersView> {
    let (problem, found) = about_form(found)?;
    let sort = query.sort.parse().unwrap_or_default();
    let (found, next) = page(found, ROWS, |last| Place::of(last, sort));
    Ok(MembersView { problem, members: found.iter().map(member_row).collect(), next, query })
}

/// Separates refusals that the search form shows itself from those that fail the page.
pub(super) fn about_form<T: Default>(found: AdminResult<T>) -> AdminResult<(Option<Refusal>, T)> {
    match found {
        Ok(found) => Ok((None, found)),
        Err(
            refused @ (Refusal::SearchUnclear
            | Refusal::FilterUnknown
            | Refusal::InviterUnknown
            | Refusal::DayMalformed
            | Refusal::ActorUnknown
            | Refusal::SubjectUnknown),
        ) => Ok((Some(refused), T::default())),
        Err(refused) => Err(refused),
    }
}

/// Parses the unfolded rows of a tree from an address: ids separated by dots.
pub fn unfolded(text: &str) -> Vec<MemberId> {
    text.split('.').filter_map(digits).map(MemberId).collect()
}

pub fn member(page: &MemberPage, unfolded: &[MemberId]) -> MemberView {
    let MemberPage { details, tree, acts } = page;
    let record = &details.record;
    let can_attach = record.redemption.is_none() && record.erased_at.is_none();
    MemberView {
        row: member_row(&record.listed),
        blocked: record.blocked_at.map(moment),
        erased: record.erased_at.filter(|_| record.set_aside.is_none()).map(moment),
        set_aside: record.set_aside.map(|aside| SetAsideView {
            at: moment(aside.at),
            successor: aside.successor.map(|successor| successor.0),
        }),
        is_admin: record.is_admin,
        redemption: record.redemption.as_ref().map(|present| redemption(present, &acts.lines)),
        former_codes: record.former_codes.iter().map(|(code, until)| (code.to_string(), day(*until))).collect(),
        tree: tree.iter().map(|node| tree_row(node, unfolded)).collect(),
        attempts: details.attempts.iter().map(|attempt| attempt_view(attempt, details, can_attach)).collect(),
        devices: details.devices.iter().map(device).collect(),
        logins: details.logins.iter().map(login).collect(),
        limits: details.limits.as_ref().map(limits).unwrap_or_default(),
        messages: details.limits.iter().flat_map(|limits| &limits.sent).map(message).collect(),
        begun: details.limits.iter().flat_map(|limits| &limits.logins).map(begun_login).collect(),
        acts: audit_rows(acts),
    }
}

pub fn act(record: &MemberRecord, flash: Flash<Refusal>) -> ActView {
    let activated = record.redemption.as_ref().map(|redemption| redemption.code.to_string());
    ActView { flash, row: member_row(&record.listed), activated }
}

/// One page of flags; `flags` has one more row if there is a next page.
pub fn flags(waiting: bool, flags: Vec<Flag>) -> FlagsView {
    let (flags, next) = page(flags, ROWS, |last| last.id);
    FlagsView { waiting, flags: flags.iter().map(flag_row).collect(), next }
}

pub fn flag(flag: &Flag, flash: Flash<Refusal>) -> FlagView {
    FlagView { flash, flag: flag_row(flag) }
}

fn flag_row(flag: &Flag) -> FlagRow {
    let (words, count) = (words::admin(), flag.count);
    let source = if flag.source.starts_with(FORGOTTEN_SOURCE) { words.forgotten_source } else { &flag.source };
    let (title, text) = match flag.kind {
        FlagKind::SameBrowser => (words.flag_same_browser, words.same_browser(count)),
        FlagKind::SameNetwork => (words.flag_same_network, words.same_network(count, source)),
        FlagKind::Ring => (words.flag_ring, words.ring(count)),
        FlagKind::Posted => (words.flag_posted, words.posted(count)),
        FlagKind::Guessing => (words.flag_guessing, words.guessing(count)),
    };
    let verdict = flag.verdict.map(|verdict| match verdict {
        Verdict::Accepted => words.accepted,
        Verdict::Dismissed => words.dismissed,
    });
    FlagRow {
        id: flag.id,
        title: title.to_owned(),
        text,
        member: flag.member.0,
        name: name(flag.phone.as_ref()),
        first: moment(flag.first_at),
        last: moment(flag.last_at),
        verdict: verdict.map(str::to_owned),
    }
}

/// The audit log, or why the search was refused.
///
/// # Errors
/// Refusals that are not about the search form.
pub fn audit(found: AdminResult<NamedLines>, query: AuditQuery) -> AdminResult<AuditView> {
    let (problem, NamedLines { lines, phones }) = about_form(found)?;
    let (lines, next) = page(lines, ROWS, |last| last.id);
    Ok(AuditView {
        problem,
        acts: Act::VARIANTS.iter().map(|act| (act.into_str().to_owned(), act_text(*act).to_owned())).collect(),
        next,
        rows: audit_rows(&NamedLines { lines, phones }),
        query,
    })
}

fn audit_rows(named: &NamedLines) -> Vec<AuditRow> {
    let words = words::admin();
    let name_of = |member: Option<MemberId>| {
        member.and_then(|member| named.phones.get(&member)).map(|phone| name(phone.as_ref()))
    };
    let row = |line: &AuditLine| AuditRow {
        id: line.id,
        at: moment(line.at),
        actor: name_of(line.actor).unwrap_or_else(|| words.host.to_owned()),
        actor_id: line.actor.map(|actor| actor.0),
        act: act_text(line.act).to_owned(),
        subject: line.subject.map(|subject| subject.0),
        subject_name: name_of(line.subject).unwrap_or_default(),
        reason: line.reason.clone(),
        details: details_text(&line.details),
        address: match line.address.as_str() {
            HOST => words.command_line.to_owned(),
            SELF => words.own_page.to_owned(),
            network => network.to_owned(),
        },
    };
    named.lines.iter().map(row).collect()
}

fn act_text(act: Act) -> &'static str {
    let words = words::admin();
    match act {
        Act::Grant => words.act_grant,
        Act::Revoke => words.act_revoke,
        Act::SetUpSecondFactor => words.act_set_up_second_factor,
        Act::UseRecoveryCode => words.act_use_recovery_code,
        Act::Block => words.act_block,
        Act::Unblock => words.act_unblock,
        Act::Attach => words.act_attach,
        Act::Detach => words.act_detach,
        Act::ReplaceInviteCode => words.act_replace_invite_code,
        Act::SecondFactorRefused => words.act_second_factor_refused,
        Act::LogOutEverywhere => words.act_log_out_everywhere,
        Act::AllowLogins => words.act_allow_logins,
        Act::Erase => words.act_erase,
        Act::ChangeNumber => words.act_change_number,
        Act::SetAside => words.act_set_aside,
        Act::Claim => words.act_claim,
        Act::GiveNumberBack => words.act_give_number_back,
        Act::AcceptFlag => words.act_accept_flag,
        Act::DismissFlag => words.act_dismiss_flag,
        Act::Export => words.act_export,
        Act::Import => words.act_import,
        Act::ReplayWebhooks => words.act_replay_webhooks,
        Act::SwitchOnWebhooks => words.act_switch_on_webhooks,
    }
}

pub fn export(flash: Flash<Refusal>) -> ExportView {
    let words = words::admin();
    let lists = List::VARIANTS.iter().map(|list| {
        let text = match list {
            List::Members => words.list_members,
            List::Redemptions => words.list_redemptions,
            List::Audit => words.list_audit,
        };
        (list.into_str().to_owned(), text.to_owned())
    });
    let formats = Format::VARIANTS.iter().map(|format| {
        let text = match format {
            Format::Csv => words.format_csv,
            Format::JsonLines => words.format_json_lines,
        };
        (format.into_str().to_owned(), text.to_owned())
    });
    ExportView { flash, lists: lists.collect(), formats: formats.collect() }
}

/// `most` is the largest number of lines of a file.
pub fn imports(imports: &[Import], most: u32, now: Timestamp, flash: Flash<Refusal>) -> ImportsView {
    let column = |column: &Column| (column.into_str().to_owned(), column_text(*column).to_owned());
    ImportsView {
        flash,
        columns: Column::VARIANTS.iter().map(column).collect(),
        most: thousands(most.into()),
        imports: imports.iter().map(|import| import_row(import, now)).collect(),
    }
}

fn column_text(column: Column) -> &'static str {
    let words = words::admin();
    match column {
        Column::PhoneNumber => words.column_phone_number,
        Column::InviteCode => words.column_invite_code,
        Column::FormerInviteCodes => words.column_former_invite_codes,
        Column::JoinedAt => words.column_joined_at,
        Column::BlockedAt => words.column_blocked_at,
        Column::ErasedAt => words.column_erased_at,
        Column::RedeemedCode => words.column_redeemed_code,
        Column::RedeemedAt => words.column_redeemed_at,
    }
}

/// One import with a page of its bad lines; `bad` has one more line if there is a next page.
pub fn one_import(import: &Import, bad: Vec<BadLine>, now: Timestamp, flash: Flash<Refusal>) -> ImportView {
    let (bad, next) = page(bad, ROWS, |last| last.line);
    let step = match import.next_step(now) {
        NextStep::Wait => {
            let done = (import.state == ImportState::Checking).then_some(import.checked);
            ImportStep::Wait { done, of: import.lines }
        }
        NextStep::UploadAgain => ImportStep::UploadAgain,
        NextStep::Apply => ImportStep::Confirm,
        NextStep::Nothing => ImportStep::Nothing,
    };
    ImportView {
        flash,
        row: import_row(import, now),
        step,
        unread: import.unread.join(", "),
        bad_lines: bad.iter().map(|bad| (bad.line, problem_texts(bad))).collect(),
        next,
    }
}

fn import_row(import: &Import, now: Timestamp) -> ImportRow {
    let (words, lines) = (words::admin(), import.lines);
    let text = match import.state {
        ImportState::Done => words.import_done_text(lines),
        _ if import.is_interrupted(now) => words.import_was_interrupted.to_owned(),
        ImportState::Checking => words.import_checking(lines, import.checked),
        ImportState::Writing => words.import_writing(lines),
        ImportState::Checked if import.bad > 0 => words.import_bad(lines, import.bad),
        ImportState::Checked => words.import_ready(lines),
    };
    let name = if import.file_name.is_empty() { words.sent_over_api } else { &import.file_name };
    ImportRow { id: import.id, name: name.to_owned(), at: moment(import.begun_at), text }
}

pub fn problem_texts(bad: &BadLine) -> Vec<String> {
    bad.problems.iter().map(problem_text).collect()
}

fn problem_text(problem: &LineProblem) -> String {
    let words = words::admin();
    let text = match problem {
        LineProblem::CellCount { found, expected } => return words.line_cell_count(*found, *expected),
        LineProblem::PhoneTwice(line) => return words.line_phone_twice(*line),
        LineProblem::CodeMalformed(column) => return words.line_code_malformed(column.into_str()),
        LineProblem::CodeTwice(line) => return words.line_code_twice(*line),
        LineProblem::DayMalformed(column) => return words.line_day_malformed(column.into_str()),
        LineProblem::DayInFuture(column) => return words.line_day_in_future(column.into_str()),
        LineProblem::NotText => words.line_not_text,
        LineProblem::LineBreak => words.line_break,
        LineProblem::PhoneMissing => words.line_phone_missing,
        LineProblem::PhoneInvalid => words.line_phone_invalid,
        LineProblem::PhoneTaken => words.line_phone_taken,
        LineProblem::PhoneOfErased => words.line_phone_of_erased,
        LineProblem::BlockOfErased => words.line_block_of_erased,
        LineProblem::CodeTaken => words.line_code_taken,
        LineProblem::RedeemedUnknown => words.line_redeemed_unknown,
        LineProblem::RedeemedOwn => words.line_redeemed_own,
        LineProblem::RedeemedCircle => words.line_redeemed_circle,
        LineProblem::RedeemedMissing => words.line_redeemed_missing,
    };
    text.to_owned()
}

pub(super) fn member_row(member: &ListedMember) -> MemberRow {
    MemberRow {
        id: member.id.0,
        name: name(member.phone.as_ref()),
        invite_code: member.invite_code.to_string(),
        joined: day(member.created_at),
        activated: member.redeemed_at.map(day),
        is_blocked: member.is_blocked,
        is_erased: member.phone.is_none(),
        invitees: member.invitees,
    }
}

fn name(phone: Option<&Phone>) -> String {
    phone.map_or_else(|| words::admin().erased_name.to_owned(), phone::international)
}

fn redemption(redemption: &Redemption, acts: &[AuditLine]) -> RedemptionView {
    RedemptionView {
        inviter: redemption.inviter.0,
        inviter_name: name(redemption.inviter_phone.as_ref()),
        code: redemption.code.to_string(),
        at: moment(redemption.redeemed_at),
        is_attached: acts.iter().any(|line| line.act == Act::Attach && line.at == redemption.redeemed_at),
    }
}

fn tree_row(node: &TreeNode, unfolded: &[MemberId]) -> TreeRow {
    let id = node.member.id;
    let toggled = || {
        let others = unfolded.iter().filter(|other| **other != id);
        let ids = others.chain((!node.is_unfolded).then_some(&id));
        ids.map(|id| id.0.to_string()).collect::<Vec<_>>().join(".")
    };
    TreeRow {
        row: member_row(&node.member),
        depth: node.depth,
        toggled: (node.member.invitees > 0).then(toggled),
        is_unfolded: node.is_unfolded,
        more: node.more,
    }
}

fn attempt_view(attempt: &Attempt, details: &MemberDetails, can_attach: bool) -> AttemptView {
    let words = words::admin();
    let present = details.record.redemption.as_ref();
    let was_counted = attempt.outcome == AttemptOutcome::Redeemed;
    let is_present = present.is_some_and(|present| present.code.as_str() == attempt.typed);
    let meant = details.meant.get(&attempt.id).into_iter().flatten().map(|meant| MeantView {
        code: meant.code.to_string(),
        owner: meant.member.0,
        owner_name: name(Some(&meant.phone)),
        is_attachable: can_attach,
    });
    let may_be_right =
        matches!(attempt.outcome, AttemptOutcome::Replaced | AttemptOutcome::OwnerBlocked | AttemptOutcome::TooMany);
    AttemptView {
        typed: if attempt.typed.is_empty() { words::admin().no_code_typed.to_owned() } else { attempt.typed.clone() },
        inviter: attempt.inviter.map(|inviter| inviter.0),
        has_counted: was_counted && is_present,
        explanation: match (was_counted, is_present) {
            (true, false) => words.counted_until_detached.to_owned(),
            (false, true) => format!("{} {}", explanation(attempt.outcome), words.attached_since),
            _ => explanation(attempt.outcome).to_owned(),
        },
        at: moment(attempt.last_at),
        times: attempt.times,
        network: attempt.network.clone().unwrap_or_default(),
        attachable: (can_attach && may_be_right).then(|| attempt.typed.clone()),
        meant: meant.collect(),
    }
}

fn explanation(outcome: AttemptOutcome) -> &'static str {
    let words = words::admin();
    match outcome {
        AttemptOutcome::Redeemed => words.counted,
        AttemptOutcome::Second => words.attempt_second,
        AttemptOutcome::Malformed => words.attempt_malformed,
        AttemptOutcome::Unknown => words.attempt_unknown,
        AttemptOutcome::Replaced => words.attempt_replaced,
        AttemptOutcome::Own => words.attempt_own,
        AttemptOutcome::OfInvitee => words.attempt_of_invitee,
        AttemptOutcome::OwnerBlocked => words.attempt_owner_blocked,
        AttemptOutcome::TooMany => words.attempt_too_many,
    }
}

fn device(device: &Device) -> DeviceView {
    let agent = if device.agent.is_empty() { words::admin().unnamed_device } else { &device.agent };
    DeviceView {
        agent: agent.to_owned(),
        network: device.network.clone(),
        first: moment(device.created_at),
        last: moment(device.seen_at),
    }
}

fn limits(limits: &LoginLimitsOfPhone) -> Vec<String> {
    let (words, wait) = (words::admin(), |left: Left| words::member().duration(left.more_in));
    let messages = match limits.messages {
        none @ Left { uses: 0, .. } => words.no_messages_left(&wait(none)),
        left => words.messages_left(left.uses),
    };
    let guesses = match limits.wrong_codes {
        none @ Left { uses: 0, .. } => words.codes_are_long(&wait(none)),
        left => words.wrong_codes_left(left.uses),
    };
    vec![messages, guesses]
}

fn message(sent: &SentMessage) -> (Moment, String) {
    let words = words::admin();
    let text = match sent.state {
        MessageState::Sent => words.message_sent(&sent.gateway),
        MessageState::Unknown => words.message_unknown(&sent.gateway),
    };
    let text = match sent.delivery {
        None => text,
        Some(Delivery::Delivered) => words.message_delivered(&text),
        Some(Delivery::Undelivered) => words.message_not_delivered(&text),
    };
    (moment(sent.sent_at), text)
}

fn begun_login(login: &LoginAttempt) -> BegunLoginView {
    let words = words::admin();
    let device = if login.is_known_device { words.known_device } else { words.unknown_device };
    let outcome = if login.used_at.is_some() { words.login_finished } else { words.login_not_finished };
    BegunLoginView {
        at: moment(login.begun_at),
        outcome: outcome.to_owned(),
        details: words.begun_login(device, login.length, login.messages, login.guesses),
    }
}

fn login(login: &LiveLogin) -> LoginView {
    LoginView { is_api: login.is_api, began: moment(login.logged_in_at), ends: moment(login.expires_at) }
}

fn day(at: Timestamp) -> Moment {
    let (iso, text) = day_of(at);
    Moment { iso, text }
}
