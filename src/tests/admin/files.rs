//! Exports and imports of admins.

use super::*;
use crate::server::data::{Counted, Details, ImportState, LineProblem, List};
use crate::server::domain::admin::export::{Export, columns};
use crate::server::domain::admin::{import, members};
use crate::server::present::admin::problem_texts;
use crate::server::spreadsheet::Format;

async fn exported(app: &TestApp, by: &Admin, list: List, format: Format) -> String {
    let mut export = Export::begin(&app.state.ports, by, list, "a test").await.unwrap();
    let mut file = format.head(columns(list));
    loop {
        let rows = export.rows().await.unwrap();
        if rows.is_empty() {
            return String::from_utf8(file).unwrap();
        }
        file.extend(format.rows(columns(list), &rows));
    }
}

/// Uploads a file, and waits until it is checked.
async fn uploaded(app: &TestApp, by: &Admin, file: &str) -> i64 {
    let check = import::begin(&app.state.ports, by, "members.csv", file.into()).await.unwrap();
    let id = check.id;
    check.run().await;
    id
}

async fn refused(app: &TestApp, by: &Admin, file: &str) -> Option<Refusal> {
    import::begin(&app.state.ports, by, "members.csv", file.into()).await.err()
}

/// Imports a checked file, and waits for the outcome.
async fn apply(app: &TestApp, by: &Admin, id: i64) -> AdminResult<()> {
    import::apply(&app.state.ports, by, id, "we moved").await?.run().await;
    Ok(())
}

/// What is wrong with each line.
async fn problems(app: &TestApp, by: &Admin, id: i64) -> Vec<String> {
    let lines = import::bad_lines(app, by, id, 0, 100).await.unwrap();
    lines.into_iter().map(|bad| format!("{}: {}", bad.line, problem_texts(&bad).join(" "))).collect()
}

#[tokio::test]
async fn an_export_is_the_whole_list_and_leaves_a_line_with_its_reason() {
    let app = TestApp::new().await;
    let admin = admin(&app).await;
    let friend = app.log_in(FRIEND).await;
    let member = app.log_in(MEMBER).await;
    redeem(&app, member.id, friend.invite_code.as_str()).await.unwrap();
    act(&app, &admin, friend.id, "replace-invite-code", "=HYPERLINK(\"evil\")").await.unwrap();

    let members = exported(&app, &admin, List::Members, Format::Csv).await;
    let lines: Vec<_> = members.trim_end().split("\r\n").collect();
    assert_eq!(lines.len(), 1 + 3);
    let old = &friend.invite_code;
    assert!(lines[2].starts_with(&format!("{},'{FRIEND},", friend.id.0)), "{members}");
    assert!(lines[2].contains(&format!(",{old},")) && lines[2].ends_with(",,,,,1"), "{members}");
    assert!(
        lines[3].contains(&format!(",{old},2026-")) && lines[3].ends_with(&format!(",{},0", friend.id.0)),
        "{members}"
    );

    let redemptions = exported(&app, &admin, List::Redemptions, Format::JsonLines).await;
    let row: serde_json::Value = serde_json::from_str(&redemptions).unwrap();
    assert_eq!((&row["invitee_phone_number"], &row["inviter_phone_number"]), (&MEMBER.into(), &FRIEND.into()));

    let audit = exported(&app, &admin, List::Audit, Format::Csv).await;
    assert!(audit.contains("\"'=HYPERLINK(\"\"evil\"\")\""), "{audit}");
    let newest = &log(&app, &admin).await[0];
    assert_eq!(
        (newest.act, newest.reason.as_str(), &newest.details),
        (Act::Export, "a test", &Details::List(List::Audit))
    );
    let without_reason = Export::begin(&app.state.ports, &admin, List::Members, " ").await;
    assert_eq!(without_reason.err(), Some(Refusal::ReasonMissing));
}

#[tokio::test]
async fn a_list_longer_than_one_read_is_exported_to_its_end() {
    let app = TestApp::new().await;
    let admin = admin(&app).await;
    let lines: Vec<_> = (0..2500).map(|number| format!("+7913{number:07}")).collect();
    let id = uploaded(&app, &admin, &format!("phone_number\n{}", lines.join("\n"))).await;
    assert_eq!(problems(&app, &admin, id).await, [""; 0]);
    apply(&app, &admin, id).await.unwrap();
    let members = exported(&app, &admin, List::Members, Format::JsonLines).await;
    assert_eq!(members.lines().count(), 1 + 2500);
    assert!(lines.iter().all(|phone| members.contains(phone)));
}

#[tokio::test]
async fn an_import_makes_members_with_their_codes_and_redemptions() {
    let app = TestApp::new().await;
    let admin = admin(&app).await;
    let friend = app.log_in(FRIEND).await;
    act(&app, &admin, friend.id, "replace-invite-code", "a test").await.unwrap();
    // Semicolons, columns in another order, an inviter on a later line, a replaced code, and an unknown column.
    let file = format!(
        "Redeemed_Code;name;phone_number;invite_code;joined_at;redeemed_at\n\
         BBBBBB;Ann;8 (912) 000-11-11;;2025-01-02;2025-01-03T08:00:00+03:00\n\
         {};Bob;+79120001122;bbb-bbb;;\n",
        friend.invite_code
    );
    let id = uploaded(&app, &admin, &file).await;
    let looked_through = import::find(&app, &admin, id).await.unwrap();
    assert_eq!((looked_through.state, looked_through.lines, looked_through.bad), (ImportState::Checked, 2, 0));
    assert_eq!(looked_through.unread, ["name"]);
    assert_eq!(app.members().await.len(), 2, "nobody yet");

    apply(&app, &admin, id).await.unwrap();
    assert_eq!(import::find(&app, &admin, id).await.unwrap().state, ImportState::Done);
    let (ann, bob) = (app.member_id("+79120001111").await, app.member_id("+79120001122").await);
    let details = members::read(&app, &admin, ann).await.unwrap();
    assert_eq!(details.record.redemption.as_ref().unwrap().inviter, bob);
    assert_eq!(details.record.listed.created_at.rfc3339(), "2025-01-02T00:00:00Z");
    assert_eq!(details.record.redemption.unwrap().redeemed_at.rfc3339(), "2025-01-03T05:00:00Z");
    assert_eq!(details.attempts.len(), 1, "why it counts stands with the attempts");
    let details = members::read(&app, &admin, bob).await.unwrap();
    assert_eq!((details.record.listed.invite_code.as_str(), details.record.listed.invitees), ("BBBBBB", 1));
    assert_eq!(details.record.redemption.unwrap().inviter, friend.id);
    assert_eq!(app.store.total_counts().await.unwrap().of(Counted::Members), 4);
    assert_eq!(app.rows(Rows::ImportLines).await, 0, "what became members is kept once");

    let newest = &log(&app, &admin).await[0];
    assert_eq!((newest.act, newest.reason.as_str()), (Act::Import, "we moved"));
    assert_eq!(newest.details, Details::Imported { members: 2, redemptions: 2 });
    assert_eq!(apply(&app, &admin, id).await, Err(Refusal::ImportDone));
    // An imported member logs in like any other.
    assert_eq!(app.log_in("+79120001122").await.id, bob);
}

#[tokio::test]
async fn an_import_says_of_each_line_what_is_wrong_and_takes_none() {
    let app = TestApp::new().await;
    let admin = admin(&app).await;
    let friend = app.log_in(FRIEND).await;
    let code = &friend.invite_code;
    let file = format!(
        "phone_number,invite_code,former_invite_codes,joined_at,erased_at,redeemed_code,redeemed_at\n\
         12345,,,,,,\n\
         ,AAAAA2,,,,,\n\
         +79120000012,AAAAA3,,,,,\n\
         +7 912 000-00-12,AAAAA3,,,,,\n\
         {FRIEND},{code},,,,,\n\
         +79120000013,ABC,,,,,\n\
         +79120000014,AAAAA4,{code} AAAAA3,,,,\n\
         +79120000015,AAAAA5,,31.12.2025,1969-12-31,,\n\
         +79120000016,AAAAA6,,2999-01-01,,,2026-01-01\n\
         +79120000017,AAAAA7,,,2026-01-01,,\n\
         +79120000018,AAAAA8,,,,AAAAA8,\n\
         +79120000019,AAAAA9,,,,ZZZZZZ,\n\
         +79120000020\n\
         +79120000021,AAAABB,,,,{code},\n"
    );
    let id = uploaded(&app, &admin, &file).await;
    assert_eq!(
        problems(&app, &admin, id).await,
        [
            "2: phone_number is not a possible number. Write it with its country code, as in +79123456789.",
            "3: There is no phone number.",
            "5: The same phone number is in line 4. The same invite code is in line 4.",
            "6: A member has this phone number already. A member has, or had, this invite code already.",
            "7: invite_code is not a possible invite code: six digits and letters, none of them 0, 1, I, L or O.",
            "8: The same invite code is in line 6. The same invite code is in line 4. \
             A member has, or had, this invite code already.",
            "9: erased_at is not a day. Write 2026-03-31, or 2026-03-31T08:30:00Z. \
             joined_at is not a day. Write 2026-03-31, or 2026-03-31T08:30:00Z.",
            "10: The day in joined_at is in the future. There is a day in redeemed_at, but no code in redeemed_code.",
            "11: An erased member has no phone number.",
            "12: redeemed_code is the member's own code.",
            "13: redeemed_code is unknown: it belongs to nobody in this file and to no member.",
            "14: This line has 1 cells, and the first line has 7.",
        ]
    );
    assert_eq!(apply(&app, &admin, id).await, Err(Refusal::ImportHasBadLines));
    assert_eq!(app.members().await.len(), 2);
    assert!(!app.acts().await.contains(&Act::Import));
}

#[tokio::test]
async fn an_import_finds_members_who_would_be_their_own_inviters() {
    let app = TestApp::new().await;
    let admin = admin(&app).await;
    // 2 and 3 are below the circle of 4, 5 and 6; 7 and 8 are beside it.
    let file = "phone_number,invite_code,redeemed_code\n\
                +79120000012,AAAAA2,AAAAA3\n\
                +79120000013,AAAAA3,AAAAA4\n\
                +79120000014,AAAAA4,AAAAA5\n\
                +79120000015,AAAAA5,AAAAA6\n\
                +79120000016,AAAAA6,AAAAA4\n\
                +79120000017,AAAAA7,\n\
                +79120000018,AAAAA8,AAAAA7\n";
    let id = uploaded(&app, &admin, file).await;
    let lines = import::bad_lines(&app, &admin, id, 0, 100).await.unwrap();
    assert_eq!(lines.iter().map(|bad| bad.line).collect::<Vec<_>>(), [4, 5, 6]);
    assert_eq!(lines[0].problems, [LineProblem::RedeemedCircle]);
}

#[tokio::test]
async fn what_is_no_file_of_members_is_refused_at_once() {
    let app = TestApp::with_limits(|limits| limits.admin.import_lines = 2).await;
    let admin = admin(&app).await;
    assert_eq!(refused(&app, &admin, "").await, Some(Refusal::ImportEmpty));
    assert_eq!(refused(&app, &admin, "phone_number\r\n \r\n").await, Some(Refusal::ImportEmpty));
    assert_eq!(refused(&app, &admin, "name,phone\nAnn,+79120000012").await, Some(Refusal::ImportWithoutPhones));
    let three = "phone_number\n+79120000012\n+79120000013\n+79120000014";
    assert_eq!(refused(&app, &admin, three).await, Some(Refusal::ImportTooLong { most: 2 }));
    assert_eq!(refused(&app, &admin, "Phone_Number\n").await, Some(Refusal::ImportEmpty));
    let other_encoding = b"phone_number;\xc8\xec\xff\n+79120000012;\n".to_vec();
    let refused = import::begin(&app.state.ports, &admin, "", other_encoding).await.err();
    assert_eq!(refused, Some(Refusal::ImportNotText));
    assert_eq!(app.store.imports(9).await.unwrap(), []);
}

#[tokio::test]
async fn nothing_is_imported_when_one_line_has_become_invalid() {
    let app = TestApp::new().await;
    let admin = admin(&app).await;
    let id = uploaded(&app, &admin, &format!("phone_number\n+79120000012\n{MEMBER}\n")).await;
    assert_eq!(problems(&app, &admin, id).await, [""; 0]);
    app.log_in(MEMBER).await;
    apply(&app, &admin, id).await.unwrap();
    let import = import::find(&app, &admin, id).await.unwrap();
    assert_eq!((import.state, import.bad), (ImportState::Checked, 1));
    assert_eq!(problems(&app, &admin, id).await, ["3: A member has this phone number already."]);
    assert_eq!(app.members().await.len(), 2);
    assert_eq!(apply(&app, &admin, id).await, Err(Refusal::ImportHasBadLines));
}

#[tokio::test]
async fn an_export_can_be_imported_on_another_server() {
    let app = TestApp::new().await;
    let by = admin(&app).await;
    let friend = app.log_in(FRIEND).await;
    let member = app.log_in(MEMBER).await;
    let third = app.log_in("+79123456781").await;
    redeem(&app, member.id, friend.invite_code.as_str()).await.unwrap();
    redeem(&app, third.id, member.invite_code.as_str()).await.unwrap();
    act(&app, &by, friend.id, "replace-invite-code", "a test").await.unwrap();
    act(&app, &by, member.id, "erase", "a test").await.unwrap();
    act(&app, &by, third.id, "block", "a test").await.unwrap();
    let before = exported(&app, &by, List::Members, Format::Csv).await;

    let other = TestApp::new().await;
    let admin = admin(&other).await;
    // The admin is there already, and is the first line of the members.
    let (head, members) = before.split_once("\r\n").unwrap();
    let members = members.split_once("\r\n").unwrap().1;
    let id = uploaded(&other, &admin, &format!("{head}\r\n{members}")).await;
    assert_eq!(problems(&other, &admin, id).await, [""; 0]);
    let unread = ["id", "inviter_id", "invited_total"];
    assert_eq!(import::find(&other, &admin, id).await.unwrap().unread, unread);
    apply(&other, &admin, id).await.unwrap();
    let after = exported(&other, &admin, List::Members, Format::Csv).await;
    let after = after.split_once("\r\n").unwrap().1.split_once("\r\n").unwrap().1;
    assert_eq!(after, members);
}

#[tokio::test]
async fn an_import_that_was_interrupted_says_so_and_can_be_tried_again() {
    let app = TestApp::new().await;
    let admin = admin(&app).await;
    let id = uploaded(&app, &admin, "phone_number\n+79120000012\n").await;
    // The server stops before it has written anything.
    drop(import::apply(&app.state.ports, &admin, id, "we moved").await.unwrap());
    assert!(!import::find(&app, &admin, id).await.unwrap().is_interrupted(app.clock.now()));
    assert_eq!(apply(&app, &admin, id).await, Err(Refusal::ImportUnderWay));
    app.clock.advance(seconds(61));
    assert!(import::find(&app, &admin, id).await.unwrap().is_interrupted(app.clock.now()));
    apply(&app, &admin, id).await.unwrap();
    assert_eq!(import::find(&app, &admin, id).await.unwrap().state, ImportState::Done);
    assert!(!import::find(&app, &admin, id).await.unwrap().is_interrupted(app.clock.now().plus(seconds(99))));
}

#[tokio::test]
async fn a_file_is_forgotten_after_a_day_as_a_whole() {
    let app = TestApp::new().await;
    let admin = admin(&app).await;
    let id = uploaded(&app, &admin, &format!("phone_number\n+79120000012\n{MEMBER}\n")).await;
    app.clock.advance(seconds(24 * 60 * 60 + 1));
    let takeover = import::apply(&app.state.ports, &admin, id, "we moved").await.unwrap();
    assert_eq!(import::forget_old(&app).await, Ok(1));
    assert_eq!(app.rows(Rows::ImportLines).await, 0);
    assert_eq!(import::find(&app, &admin, id).await.err(), Some(Refusal::NoSuchImport));
    takeover.run().await;
    assert!(!app.acts().await.contains(&Act::Import));
}

#[tokio::test]
async fn a_file_that_holds_an_erased_phone_is_forgotten_as_a_whole() {
    let app = TestApp::new().await;
    let admin = admin(&app).await;
    let member = app.log_in(MEMBER).await;
    let file = format!("phone_number,name\n+79120000012,\n{MEMBER},\n,{MEMBER} ext. 5\n{MEMBER} ext. 5,\n");
    let id = uploaded(&app, &admin, &file).await;
    let under_way = import::begin(&app.state.ports, &admin, "", file.into()).await.unwrap();
    let takeover = import::apply(&app.state.ports, &admin, id, "we moved").await;
    assert_eq!(takeover.err(), Some(Refusal::ImportHasBadLines));
    act(&app, &admin, member.id, "erase", "a test").await.unwrap();
    under_way.run().await;
    assert_eq!(app.store.imports(9).await.unwrap(), []);
    assert!(!app.holds(MEMBER).await);
}

#[tokio::test]
async fn imported_redemptions_raise_no_flag_of_a_shared_code() {
    let app = TestApp::new().await;
    let admin = admin(&app).await;
    let friend = app.log_in(FRIEND).await;
    let code = &friend.invite_code;
    let invitees: Vec<_> = (100..130).map(|number| format!("+79120000{number},{code}")).collect();
    let id = uploaded(&app, &admin, &format!("phone_number,redeemed_code\n{}", invitees.join("\n"))).await;
    apply(&app, &admin, id).await.unwrap();
    let member = app.log_in(MEMBER).await;
    redeem(&app, member.id, code.as_str()).await.unwrap();
    assert_eq!(app.redemptions().await.len(), 31);
    for waiting in [true, false] {
        assert_eq!(app.store.flags(waiting, 0, 9).await.unwrap(), []);
    }
}

#[tokio::test]
async fn an_unclosed_quotation_mark_loses_no_line() {
    let app = TestApp::new().await;
    let admin = admin(&app).await;
    let file = "phone_number,name\n+79120000012,\"Bob\n+79120000013,Cy\n+79120000014,\"Ann\n+79120000015,\n";
    let id = uploaded(&app, &admin, file).await;
    assert_eq!(problems(&app, &admin, id).await.len(), 1);
    assert!(problems(&app, &admin, id).await[0].contains("quotation mark"));
    let with_two = "phone_number,erased_at,blocked_at\n,2025-01-01,2025-01-01\n";
    let id = uploaded(&app, &admin, with_two).await;
    assert_eq!(problems(&app, &admin, id).await, ["2: An erased member is not blocked."]);
}
