//! English: the value of every sentence, the plural rules and the format of numbers.

use super::{Admin, Member, Refusals};

pub static MEMBER: Member = Member {
    unavailable: "Vouch cannot do this at the moment. Nothing was changed. Try again in a minute.",
    offline: "No answer from the server. Check your connection and try again.",

    languages: "Languages",
    log_out: "Log out",
    logging_out: "Logging out…",
    one_moment: "One moment…",
    nobody_is_verified: "For trying out: codes are shown in the page, so nobody's phone is verified.",
    description: "Log in with your phone number, get an invite code, and see who joined with it.",
    page_failed: "This page cannot be shown",

    login_required: "Log in to continue.",
    login_title: "Log in",
    login_heading: "Log in with your phone",
    login_intro: "We send you a code by text message. There is no password.",
    phone_number: "Phone number",
    phone_hint: "In any common format.",
    send_code: "Send the code",
    sending: "Sending…",
    code_on_its_way_to: "A code was sent to ",
    enter_it: "Enter it",

    code_title: "Enter the code",
    code_heading: "Enter the code",
    code_sent_to: "We sent it to ",
    last_digit_sends: " The last digit logs you in.",
    code: "Code",
    log_in: "Log in",
    checking: "Checking…",
    send_again: "Send again",
    use_another_number: "Use another number",
    simulated_message: "Simulated text message",
    simulated_message_app: "Messages",
    simulated_message_time: "now",

    invitation_title: "Invitation",

    profile_title: "Your profile",
    logged_in_as: "Logged in as ",
    own_code: "Your invite code",
    copy_code: "Copy code",
    copy_link: "Copy link",
    copied: "Copied",
    more_ways: "More ways to share",
    share_text: "Message",
    share: "Share",
    copy_message: "Copy message",
    qr_code: "QR code of your link",
    download_qr_code: "Download the QR code",
    accept: "Activate",
    another_code: "Enter another code",
    own_code_hint: "Give it to the people you vouch for.",
    who_invited_you: "Who invited you?",
    activated_code: "You activated the code ",
    their_code: "Their invite code",
    their_code_hint: "Six letters and digits. You can do this once.",
    activate: "Activate",
    activating: "Activating…",
    invitees: "People who joined with your code",
    no_invitees: "Nobody yet.",
    invitee_pages: "Pages of people",
    newest: "Newest",
    older: "Older",

    devices_title: "Devices",
    devices_heading: "Where you are logged in",
    devices_hint: "If you do not recognize one of them, log it out.",
    this_device: "This device",
    logged_in_on: "Logged in ",
    last_used: "Last used ",
    log_out_everywhere: "Log out everywhere",
    log_out_everywhere_hint: "This ends every login, also the one on this device. To log in again, you need your phone.",
    back_to_profile: "Back to the profile",

    not_found_title: "Not found",
    not_found_heading: "There is no such page",
    not_found_text: "The address may be mistyped, or the page was removed.",
    to_the_start: "Go to the start page",

    duration: |seconds| match seconds {
        0..=90 => format!("{seconds} s"),
        91..=5_400 => format!("{} min", seconds.div_ceil(60)),
        5_401..=129_600 => format!("{} hours", seconds.div_ceil(60 * 60)),
        _ => format!("{} days", seconds.div_ceil(24 * 60 * 60)),
    },
    joined: |number| format!("{} joined just now.", count(number, "person", "people")),
    code_hint: |digits| format!("{digits} digits"),
    send_again_in: |wait| format!("Available in {wait}"),
};

pub static REFUSALS: Refusals = Refusals {
    phone_missing: "Enter your phone number.",
    phone_invalid: "This is not a possible phone number. Check the digits and the country code, as in \
                    +7 912 345‑67‑89.",
    phone_country: "No messages are sent to this country. Use a number of another country.",
    phone_not_mobile: "This is not a mobile number, so it gets no text messages from us. Use the number of a mobile phone.",
    test_phone: "This is a test phone (VOUCH_TEST_PHONES). Its owner cannot be an admin.",
    sms_not_sent: "The message could not be sent. Wait a moment and try again.",
    login_code_missing: "Enter the code from the message.",
    login_code_refused: "This code is wrong or no longer valid. Check the newest message, or request another code.",
    login_flow_missing: "This login has expired. Start again with your phone number.",
    invite_code_missing: "Enter an invite code.",
    invite_code_too_long: "An invite code has six characters; this one is longer.",
    invite_code_unknown: "Unknown code. Check each character: a code never contains 0, 1, I, L or O.",
    invite_code_own: "This is your own code. Enter the code of the person who invited you.",
    invite_code_of_invitee: "This code belongs to somebody who joined through you, so you cannot use it.",
    invite_code_blocked: "The owner of this code is blocked, so it cannot be activated.",
    idempotency_key_reused: "This Idempotency-Key was used with another invite code before. Use a new key for a new \
                             request.",
    token_refused: "This access token is not valid or has expired. Get a new one with the refresh token, or log in \
                    again.",
    refresh_token_refused: "This refresh token is not valid or has expired. Log in again.",
    member_blocked: "This account is blocked. If you think that is a mistake, contact the people who run this service.",
    member_gone: "This account no longer exists. Log in to create a new one.",
    second_factor_required: "Enter the code from your authenticator app.",
    not_found: "There is no such page.",
    malformed: "The request was incomplete, and nothing was changed. Reload the page and try again.",

    resend_too_soon: |wait| format!("A code was sent to this number a moment ago. You can request another in {wait}."),
    too_many_messages: |wait| format!("Too many codes were sent to this number. You can request another in {wait}."),
    too_many_wrong_codes: |wait| {
        format!(
            "Too many wrong codes were entered for this number. Use a device on which you have logged in before, or try \
             again in {wait}."
        )
    },
    network_busy: |wait| {
        format!("There were too many logins from your network. Try again in {wait}, or from another network.")
    },
    logins_paused: |wait| {
        format!(
            "Somebody is abusing logins here, so new devices cannot log in at the moment. Use a device on which you \
             have logged in before, or try again in {wait}."
        )
    },
    login_code_malformed: |digits| format!("Enter the {digits} digits."),
    login_code_lengthened: |digits| {
        format!(
            "Somebody is guessing codes, so codes are longer now. We have sent you a new one. Enter its {digits} digits."
        )
    },
    too_many_unknown_codes: |wait| format!("Too many unknown codes. You can try again in {wait}."),
    already_redeemed: |code| format!("You have already activated the code {code}. You can activate only one."),
};

pub static ADMIN: Admin = Admin {
    second_factor_first: "Enter the code from your authenticator app first.",
    login_too_old: "You logged in too long ago. Log out and log in again.",
    not_set_up: "Set up your authenticator app first.",
    already_set_up: "Your authenticator app is set up already. If you lost it, ask the host to revoke and grant your \
                     rights again.",
    second_factor_missing: "Enter the six digits that your authenticator app shows, or a recovery code.",
    second_factor_refused: "This code is wrong, expired or used before. Wait for the next one, or enter a recovery code.",
    no_such_flag: "There is no such flag.",
    already_reviewed: "This flag was reviewed already.",
    verdict_missing: "Choose a verdict.",
    no_such_act: "There is no such act.",
    no_such_list: "There is no such list.",
    format_unknown: "Choose the format of the file: csv or jsonl.",
    no_such_import: "There is no such import. Files are kept for a day.",
    import_empty: "Choose a CSV file of members. Its first line names the columns, and each further line is a member.",
    import_not_text: "The file is not UTF-8 text. Save it as CSV UTF-8.",
    import_too_slow: "The file took too long to arrive. Nothing was imported. Try again, or split the file.",
    import_without_phones: "The first line must name the columns, and phone_number must be one of them.",
    import_has_bad_lines: "Some lines have problems. Correct them, and upload the file again.",
    import_interrupted: "The check of this file was interrupted. Upload it again.",
    import_under_way: "This file is being checked or imported at the moment.",
    import_done: "This file was imported already.",
    reason_missing: "Say why in a few words, for those who read the audit log later.",
    search_unclear: "Search for digits of a phone number, or for an invite code of six letters and digits.",
    filter_unknown: "The address contains a filter that does not exist. Choose filters in the form, and search again.",
    inviter_unknown: "Unknown invite code or phone number. Enter the whole code or number of the inviter.",
    day_malformed: "Write a day as in 2026-03-31.",
    member_unknown: "Unknown phone number. Enter the whole number, or the member's number as in the address of their page.",
    no_such_member: "There is no such member.",
    erased_member: "This member was erased and can no longer be changed.",
    own_account: "This is your own account. Ask another admin.",
    is_admin: "This member is an admin. The host must first revoke the grant: vouch admin revoke PHONE.",
    already_blocked: "This member is blocked already.",
    not_blocked: "This member is not blocked.",
    no_redemption: "This member has not activated a code.",
    no_such_webhook: "There is no delivery with this number. Deliveries are kept for 30 days.",
    no_such_endpoint: "There is no endpoint with this URL. The host sets them in VOUCH_WEBHOOKS.",
    endpoint_is_on: "This endpoint is on.",
    code_of_the_member: "This is the member's own code. Enter the code of their inviter.",
    code_of_their_invitee: "The owner of this code joined through this member, so this member cannot use it.",

    brand: "Vouch admin",
    sections: "Admin pages",
    overview: "Overview",
    members: "Members",
    review: "Review",
    audit_log: "Audit log",
    export: "Export",
    import: "Import",
    more_filters: "More filters",
    first_page: "First page",
    more: "Next page",
    list_pages: "Pages of the list",
    search: "Search",
    reason: "Reason",
    reason_hint: "It stays in the audit log permanently.",
    from: "From",
    until: "Until",
    cancel: "Cancel",
    blocked: "blocked",
    erased: "erased",
    admin: "admin",
    joined: "joined ",

    second_factor_title: "Second factor",
    set_up_heading: "Set up your authenticator app",
    set_up_scan: "Scan this with an authenticator app on your phone. If this is your phone, ",
    set_up_open: "open it in the app",
    set_up_qr: "QR code that contains the secret below",
    set_up_secret: "Or type the secret: ",
    set_up_recovery: "Keep these recovery codes where you can find them without your phone. Each works once, and they \
                      are not shown again:",
    set_up_first_code: "Enter the six digits that the app shows now:",
    prove_heading: "Confirm that it is you",
    prove_text: "Enter the six digits that your authenticator app shows, or one of your recovery codes.",
    continue_: "Continue",
    first_admin_heading: "Become the first admin",
    first_admin_text: "You came by the link that Vouch printed at its start. The phone number that you are logged in with gets \
                       the right to run this referral program. If it is the wrong number, log out and open the link again.",
    become_first_admin: "Become the admin",
    one_more_step: "One more step",
    why_second_factor: "You may run this referral program. Since a text message can be intercepted, the admin pages also \
                        ask for a code from an authenticator app on your phone, such as Aegis, Google Authenticator or \
                        a password manager.",
    set_it_up: "Set it up",
    setting_up: "Setting up…",
    log_in_again: "Log in again",
    log_in_again_text: "Your login is too old for the admin pages. Log in again to continue.",

    days: "Days",
    weeks: "Weeks",
    months: "Months",
    over_time: "Period",
    funnel: "From login to redemption, in this period",
    of_step_before: "of the step before",
    top_inviters: "Top inviters",
    no_inviters: "Nobody has invited anybody yet.",
    total_redemptions: "Redemptions",
    total_blocked: "Blocked",
    total_erased: "Erased",
    logins_begun: "Logins started",
    logins_finished: "Logins completed",
    codes_activated: "Codes activated",
    chart_joined: "Members who joined",
    chart_logins: "Logins",
    chart_messages: "Messages",
    series_joined: "joined",
    series_begun: "started",
    series_finished: "completed",
    series_activated: "activated",
    series_sent: "sent",
    series_used: "used",
    last_days: "30 days",
    last_weeks: "26 weeks",
    last_months: "24 months",
    as_table: "As a table",
    table_of_chart: "Table of the chart",
    when: "When",

    search_members: "Part of a phone, or an invite code",
    inviter_filter: "Inviter (code or phone)",
    status: "Status",
    joined_from: "Joined from",
    order: "Order",
    nobody_found: "No members found.",
    everybody: "All",
    active: "Active",
    redeemed: "Activated a code",
    not_redeemed: "Activated no code",
    newest_first: "Newest first",
    oldest_first: "Oldest first",
    most_invitees_first: "Most invitees first",
    invitees_of_row: ", invitees: ",

    member_title: "Member",
    member_number: "Member ",
    blocked_since: ", blocked since ",
    erased_at: ", erased ",
    had_code: "Former code ",
    until_day: " until ",
    who_invited_them: "Who invited them?",
    with_code: ", with the code ",
    attached_by_admin: ", attached by an admin",
    detach: "Detach",
    no_inviter: "Nobody. This member has not activated a code.",
    attach_to_inviter: "Attach to an inviter",
    their_attempts: "Attempts to activate a code",
    none: "None.",
    whose_code: "Owner of the code",
    attach_anyway: "Attach it anyway",
    close_to: "Similar to ",
    of: " of ",
    attach_this: "Attach this",
    from_network: ", from ",
    their_code: "Their invite code",
    give_new_code: "Give a new code",
    their_invitees: "Their invitees ",
    invitees_below: "Their invitees",
    more_below: " more on their page",
    newest_invitees: "The newest ",
    all_invitees: "All ",
    devices_and_sessions: "Devices and sessions",
    devices: "Devices",
    no_devices: "No known devices.",
    last_login: "last login ",
    first_login: ", first ",
    unnamed_device: "Unnamed browser or program",
    logged_in: "Logged in",
    nowhere: "Not logged in.",
    browser_session: "Browser session",
    api_tokens: "API tokens",
    since: "since ",
    log_out_everywhere: "Log out everywhere",
    no_code_typed: "(not a code)",
    logins_and_limits: "Logins and limits",
    allow_logins: "Allow logins again",
    begun_logins: "Logins in the last 30 days",
    messages: "Messages in the last 30 days",
    login_finished: "Logged in",
    login_not_finished: "Not finished",
    known_device: "known device",
    unknown_device: "unknown device",
    access_and_data: "Access and data",
    block: "Block",
    unblock: "Unblock",
    erase: "Erase",
    what_admins_did: "What admins did",
    nothing: "Nothing.",
    erased_name: "Erased member",

    act_title: "Change a member",
    attach_code_label: "Invite code or phone of the inviter",
    attach_code_hint: "The present code, or a former one.",
    act_reason_hint: "It stays in the audit log permanently. Do not write phone numbers: a member can be erased, the log \
                      cannot.",

    block_heading: "Block this member?",
    block_text: "Their sessions and tokens end at once, they cannot log in again, and their code cannot be activated. \
                 Existing redemptions stay.",
    unblock_heading: "Unblock this member?",
    unblock_text: "They can log in again, and their code can be activated.",
    attach: "Attach",
    attach_heading: "Attach to an inviter?",
    attach_text: "This counts as if the member had activated the code now, even if its owner is blocked.",
    detach_heading: "Detach from the inviter?",
    replace_heading: "Give a new invite code?",
    replace_text: "The present code stops working at once, and nobody gets it again. Existing redemptions stay.",
    log_out_heading: "Log out everywhere?",
    allow_heading: "Allow logins again?",
    allow_text: "Messages and wrong codes of this member are no longer counted, so a new device can log in at once. Logins \
                 in progress end. Make sure that it is the owner of the number who asked you.",
    log_out_text: "All sessions and tokens end, and their devices count as unknown at the next login.",
    erase_heading: "Erase this member?",
    erase_text: "The phone, sessions, devices and attempts are deleted permanently. A record without personal \
                 data stays, so that the counts of other members stay correct. If somebody logs in with this phone later, \
                 they become a new member.",
    erase_button: "Erase permanently",

    counted: "Counted.",
    counted_until_detached: "Counted until an admin detached it.",
    attached_since: "An admin has attached it since.",
    attempt_second: "Not counted: this member had activated a code before, and a member can activate only one.",
    attempt_malformed: "Not counted: a code has six characters, and this is longer.",
    attempt_unknown: "Not counted: unknown code. It may be mistyped: a code never contains 0, 1, I, L or O.",
    attempt_replaced: "Not counted: its owner had been given a new code.",
    attempt_own: "Not counted: this is the member's own code.",
    attempt_of_invitee: "Not counted: its owner joined through this member.",
    attempt_owner_blocked: "Not counted: its owner was blocked then.",
    attempt_too_many: "Not checked: the member had entered too many unknown codes.",

    review_intro: "Suspicious activity. Nobody is blocked automatically: you decide.",
    which_flags: "Flags",
    waiting: "Waiting",
    reviewed: "Reviewed",
    no_flags: "No flags.",
    noticed: "noticed ",
    noticed_last: ", last ",
    review_title: "Review a flag",
    review_heading: "Review this flag",
    verdict: "Verdict",
    accept: " Accept: the suspicion is right",
    dismiss: " Dismiss: the suspicion is wrong",
    review_reason_hint: "It stays in the audit log permanently. To act on the member, open their page.",
    save: "Save",
    back_to_list: "Back to the list",
    accepted: "accepted",
    dismissed: "dismissed",
    flag_same_browser: "Same browser",
    flag_same_network: "Same network",
    flag_ring: "Ring",
    flag_posted: "Posted in public?",
    flag_guessing: "Guessing",
    forgotten_source: "no longer kept",

    search_audit: "Part of the reason or details",
    act: "Act",
    every_act: "Every act",
    by_admin: "By admin (phone or number)",
    about_member: "About member (phone or number)",
    no_lines: "No lines found.",
    by: ", by ",
    host: "the host",
    command_line: "the command line",
    act_grant: "Made admin",
    act_revoke: "No longer admin",
    act_set_up_second_factor: "Second factor set up",
    act_use_recovery_code: "Recovery code used",
    act_block: "Blocked",
    act_unblock: "Unblocked",
    act_attach: "Redemption attached",
    act_detach: "Redemption detached",
    act_replace_invite_code: "New invite code",
    act_second_factor_refused: "Wrong second factor",
    act_log_out_everywhere: "Logged out everywhere",
    act_allow_logins: "Allowed logins again",
    act_erase: "Erased",
    act_accept_flag: "Flag accepted",
    act_dismiss_flag: "Flag dismissed",
    act_export: "List exported",
    act_import: "Members imported",
    act_replay_webhooks: "Webhooks sent again",
    act_switch_on_webhooks: "Endpoint of webhooks switched on",

    export_intro: "The whole list as a file. The export and its reason stay in the audit log.",
    list: "List",
    format: "Format",
    list_members: "Members",
    list_redemptions: "Redemptions",
    list_audit: "Audit log",
    format_csv: "CSV, for spreadsheets",
    format_json_lines: "JSON Lines, for programs",
    download: "Download",
    import_intro: "A CSV file of members, with their codes and redemptions. First the file is only checked, and each line \
                   with a problem is shown. Then all lines become members, or none.",
    file: "File",
    check_file: "Check the file",
    file_columns: "Columns of the file",
    file_columns_intro: "The first line names the columns, in any order. An export of members can be imported as it is.",
    recent_files: "Files of the last day",
    progress: "Progress",
    look_again: "Refresh",
    upload_again: "Upload the file again",
    see_members: "See the members",
    unknown_columns: "Columns that an import ignores: ",
    lines_to_correct: "Lines to correct",
    bad_lines: "Lines to correct",
    line: "Line ",
    import_reason_hint: "It stays in the audit log permanently. An import cannot be undone as a whole.",
    import_all: "Import all",
    sent_over_api: "Sent over the API",
    import_was_interrupted: "This was interrupted. Nothing was imported.",
    column_phone_number: "The phone number. This column is required; only erased members have no number.",
    column_invite_code: "The member's own invite code. Without one, the member gets a new one.",
    column_former_invite_codes: "Former invite codes, separated by spaces.",
    column_joined_at: "When they joined, as in 2026-03-31 or 2026-03-31T08:30:00Z. Without it: now.",
    column_blocked_at: "Since when they are blocked.",
    column_erased_at: "When they were erased.",
    column_redeemed_code: "The code they activated, of somebody in the file or of a member.",
    column_redeemed_at: "When they activated it. Without it: when they joined.",

    line_not_text: "This line is not UTF-8 text. Save the file as CSV UTF-8.",
    line_break: "A cell of this line continues in the next line. Perhaps a quotation mark is not closed.",
    line_phone_missing: "There is no phone number.",
    line_phone_invalid: "phone_number is not a possible number. Write it with its country code, as in +79123456789.",
    line_phone_taken: "A member has this phone number already.",
    line_phone_of_erased: "An erased member has no phone number.",
    line_block_of_erased: "An erased member is not blocked.",
    line_code_taken: "A member has, or had, this invite code already.",
    line_redeemed_unknown: "redeemed_code is unknown: it belongs to nobody in this file and to no member.",
    line_redeemed_own: "redeemed_code is the member's own code.",
    line_redeemed_circle: "The redeemed codes form a circle: the inviters of this member joined through this member.",
    line_redeemed_missing: "There is a day in redeemed_at, but no code in redeemed_code.",
    webhook_timed_out: "The endpoint did not answer in time.",
    webhook_address_refused: "The host of the endpoint has no address to which webhooks may be sent.",
    webhook_not_connected: "There was no connection to the endpoint.",
    webhook_broken_off: "The connection ended before the answer.",

    too_many_second_factors: |wait| format!("Too many wrong codes. You can try again in {wait}."),
    import_too_long: |most| {
        format!("The file has more than {most} lines. Split the file, with inviters before their invitees.")
    },
    import_too_large: |kib| {
        format!("The file is larger than {kib} KiB. Split the file, with inviters before their invitees.")
    },
    reason_too_long: |most| format!("The reason is too long. Use at most {most} characters."),
    already_redeemed: |code| {
        format!("This member has activated the code {code}. Detach that first, on the member's page.")
    },
    filters_set: |count| if count == 0 { String::new() } else { format!(" ({count} set)") },
    codes_are_longer: |digits, since| {
        format!(
            "Codes for new devices have {digits} digits since {since}: there were many wrong codes in the last 24 hours. \
             Known devices are not affected."
        )
    },
    messages_left: |uses| match uses {
        1 => "New devices can request one more message.".to_owned(),
        _ => format!("New devices can request {uses} more messages."),
    },
    no_messages_left: |wait| format!("New devices can request no message for {wait}."),
    wrong_codes_left: |uses| match uses {
        1 => "After one more wrong code, codes for new devices have 8 digits.".to_owned(),
        _ => format!("After {uses} more wrong codes, codes for new devices have 8 digits."),
    },
    codes_are_long: |wait| format!("Codes for new devices have 8 digits for {wait}, because of wrong codes."),
    message_sent: |gateway| format!("Sent by {gateway}"),
    message_delivered: |message| format!("{message}, delivered"),
    message_not_delivered: |message| format!("{message}, not delivered"),
    message_unknown: |gateway| format!("May have been sent by {gateway} or not"),
    begun_login: |device, digits, messages, guesses| {
        let messages = if messages == 1 { "1 message".to_owned() } else { format!("{messages} messages") };
        let guesses = if guesses == 1 { "1 code".to_owned() } else { format!("{guesses} codes") };
        format!("{device}, {digits} digits, {messages}, {guesses} entered")
    },
    percent: |share| format!("{share} %"),
    chart_summary: |period, sums| format!("In {period}: {sums}."),
    chart_most: |count, label| format!(" The most: {count} ({label})."),
    week_from: |day| format!("Week from {day}"),
    times: |count| format!(", {count} times"),
    unfold: |count, name| format!("show the {count} invitees of {name}"),
    fold: |count, name| format!("hide the {count} invitees of {name}"),
    same_browser: |count| format!("{count} people redeemed this member's code with the same browser."),
    same_network: |count, source| format!("{count} people redeemed this member's code from one network ({source})."),
    ring: |count| format!("{count} redemptions between members who log in with the same browser."),
    posted: |count| {
        format!("{count} people redeemed this member's code in a short time, as if it had been posted in public.")
    },
    guessing: |count| format!("This member entered {count} unknown codes in a short time."),
    recovery_codes_left: |count| format!("recovery codes left: {count}"),
    code_of_member: |code, member| format!("{code} of member {member}"),
    code_replaced: |before, after| format!("{before} replaced by {after}"),
    imported: |members, redemptions| format!("members: {members}, redemptions: {redemptions}"),
    webhook_status: |status| format!("The endpoint answered {status}."),
    webhook_replayed: |id| format!("delivery {id}"),
    webhooks_replayed: |count| format!("deliveries: {count}"),
    file_hint: |lines| format!("CSV UTF-8, at most {lines} lines."),
    import_done_text: |members| format!("{} imported.", count(members, "member", "members")),
    import_checking: |lines, checked| {
        format!("Checking {}: {} done.", count(lines, "line", "lines"), thousands(checked))
    },
    import_writing: |members| format!("Importing {}…", count(members, "member", "members")),
    import_bad: |lines, bad| {
        format!("Of {}, {} cannot be imported. Nothing was imported.", count(lines, "line", "lines"), thousands(bad))
    },
    import_ready: |lines| format!("{} can be imported. Nothing was imported yet.", count(lines, "line", "lines")),
    line_cell_count: |found, expected| format!("This line has {found} cells, and the first line has {expected}."),
    line_phone_twice: |line| format!("The same phone number is in line {line}."),
    line_code_malformed: |column| {
        format!("{column} is not a possible invite code: six digits and letters, none of them 0, 1, I, L or O.")
    },
    line_code_twice: |line| format!("The same invite code is in line {line}."),
    line_day_malformed: |column| format!("{column} is not a day. Write 2026-03-31, or 2026-03-31T08:30:00Z."),
    line_day_in_future: |column| format!("The day in {column} is in the future."),
    detach_text: |code| format!("The activation of {code} is undone. The member can activate a code again."),
};

#[cfg(feature = "ssr")]
pub static SERVICE: super::Service = super::Service {
    access_token_missing: "This needs an access token: Authorization: Bearer …",
    foreign_page: "This did not come from a page of this site, so nothing was changed.",
    nothing_here: "There is nothing at this address.",
    method_not_allowed: "This address does not accept this method. The header Allow lists the accepted ones.",
    body_too_slow: "The body took too long to arrive.",
    media_type_json: "Send the body as application/json.",
    media_type_csv: "Send the file as text/csv.",
    not_understood: "The request could not be understood.",
    body_not_object: "The body must be a JSON object.",
    refresh_token_missing: "Send the refresh token.",
    must_be_string: "This must be a string.",
    must_be_flag: "This must be true or false.",
    bad_cursor: "This must come from the Link header of the previous page.",
    invitation_text: "Log in with your phone number. The invitation is kept for 30 days, and you decide whether you accept it.",
    invitation_unknown: "This invitation is no longer valid",
    invitation_blocked: "This invitation cannot be accepted at the moment",
    invitation_without: "Ask for a new link, or join without one. You can accept an invitation later.",
    invitation_own: "This is your own link",
    invitation_own_text: "Send it to the people you vouch for.",
    invitation_used_text: "You can accept only one invitation.",
    join: "Join",
    to_profile: "Go to your profile",
    erased_invitee: "A former member",
    unknown_browser: "An unknown browser",
    unknown_client: "An app, over the API",
    failure_heading: "Vouch cannot answer at the moment",
    too_many_requests_heading: "Too many requests",
    failure_text: "Nothing was changed. Try again in a minute.",
    foreign_form_heading: "This did not come from a page of Vouch",
    foreign_form_text: "The form was sent from another site, or the browser hides where it was sent from. Nothing was \
                        changed.",
    login_message: "Your Vouch code is {code}. It expires in {minutes} min. Do not share it.",

    body_too_large: |kib| format!("The body is too large. Send at most {kib} KiB."),
    invalid_json: |error| format!("The body is not valid JSON: {error}."),
    unusable_body: |error| format!("The body cannot be used: {error}."),
    number_from_to: |from, to| format!("This must be a number from {from} to {to}."),
    must_be_one_of: |words| format!("This must be one of: {words}."),
    bad_idempotency_key: |most| format!("An Idempotency-Key is one header of 1 to {most} visible ASCII characters."),
    activated: |code| format!("The code {code} is activated."),
    month: |month| MONTHS[usize::from(u8::from(month)) - 1].to_owned(),
    short_month: |month| SHORT_MONTHS[usize::from(u8::from(month)) - 1].to_owned(),
    exact_duration: |duration| match duration.as_secs() {
        _ if duration.subsec_nanos() > 0 => format!("{} milliseconds", duration.as_millis()),
        seconds if seconds > 0 && seconds % 86_400 == 0 => count(seconds / 86_400, "day", "days"),
        seconds if seconds > 0 && seconds % 3_600 == 0 => count(seconds / 3_600, "hour", "hours"),
        seconds if seconds > 0 && seconds % 60 == 0 => count(seconds / 60, "minute", "minutes"),
        seconds => count(seconds, "second", "seconds"),
    },
    exact_size: |bytes| match bytes % 1024 {
        0 => format!("{} KiB", bytes / 1024),
        _ => format!("{bytes} bytes"),
    },
    invitation_by: |inviter| format!("{inviter} invites you"),
    invitation_used: |code| format!("You have already activated the code {code}"),
    invited_by: |inviter| format!("You were invited by {inviter}."),
    share_message: |link| format!("I vouch for you. Join with my link: {link}"),
    link_counts: |opened, logged_in, redeemed| {
        format!(
            "Your link was opened by {}. {} logged in, {} activated your code.",
            count(opened, "person", "people"),
            crate::model::thousands(logged_in),
            crate::model::thousands(redeemed)
        )
    },
    places: |number| format!("You are logged in at {}.", count(number as u64, "place", "places")),
    browser_on: |browser, system| format!("{browser} on {system}"),
    client_of_api: |client| format!("{client}, over the API"),
};

#[cfg(feature = "ssr")]
pub static TERMINAL: super::Terminal = super::Terminal {
    test_phone_impossible: "VOUCH_TEST_PHONES: a number in the list is not a possible phone number.",
    no_admins: "There are no admins: vouch admin grant PHONE",
    second_factor_not_set_up: "second factor not set up yet",
    demo_not_empty: "the database has members already; name one that does not exist yet: \
                     VOUCH_DATABASE_URL=sqlite:demo.db",
    demo_done: "Done. Make yourself an admin: vouch admin grant PHONE",
    restore_done: "Rights, blocks, codes and used recovery codes are those of the backup: check `vouch admin list`, then start \
                   the server.",
    sms_simulated: "simulated: nothing is sent, each code is shown in the page and here",
    sms_text_without_code: "the text needs {code}",
    simulated_in_public: "no gateway for messages is set, and VOUCH_PUBLIC_URL or VOUCH_LISTEN is an address for the public: \
                          anybody could log in with any number. Set VOUCH_SMS to a gateway, or to try Vouch out all the same, VOUCH_SMS=simulated",
    simulated_for_everybody: "  Messages are simulated, and this address is public: anybody can log in with any number.",
    gateway_condition: "`accepted` and `refused` need a `status` such as 200-299, or `json` with a pointer and what is expected \
                        there",
    gateway_two_bodies: "`form` and `json` exclude each other",
    gateway_report: "`report` with `check = \"md5\"` needs `sign` and `signature`, other checks have neither; the secret must not be \
                     empty",
    gateway_method: "`method` is not a method of HTTP",
    nothing_to_test: "VOUCH_SMS names no gateway, so there is nothing to test",
    test_message_not_sent: "No gateway sent the message.",
    secret_malformed: "the secret must be 64 hexadecimal digits, not all the same (generate one with `openssl rand -hex \
                       32`), optionally with a comma and the previous secret after it",
    secret_needed: "with PostgreSQL it has to be given, the same to all servers of a database: 64 hexadecimal digits, such as \
                    `openssl rand -hex 32` prints. Or put them in a file, and name it in VOUCH_SECRET_FILE",
    same_database: "the two databases are the same",
    comparing: "All rows are there. Comparing both databases:",
    only_sqlite: "this is for SQLite. For PostgreSQL, use pg_dump and pg_restore; docs/hosting.md says how",
    secret_twice: "VOUCH_SECRET and VOUCH_SECRET_FILE are both set; give one of them",
    proxy_overlooked: "VOUCH_PUBLIC_URL is https and only this machine can connect, so a reverse proxy must be in front; but \
                       VOUCH_TRUSTED_HOPS is 0, so all visitors share the limits of one address. Set it to the number of \
                       proxies",
    webhook_secret_malformed: "a secret of webhooks is whsec_ and 24 to 64 bytes in base64 (generate one with `echo whsec_$(openssl \
                               rand -base64 32)`), optionally with a comma and the previous secret after it",
    webhook_secret_missing: "VOUCH_WEBHOOKS needs a secret that signs what is sent. Generate one with `echo whsec_$(openssl rand \
                             -base64 32)`, and give it to the receivers, too",
    database_older: "its tables are those of an older version of Vouch. Start the server of this version first, or restart \
                     it: that brings them up to date",
    database_newer: "it was brought up to date by a newer version of Vouch. Use that version, or restore a backup made before",
    database_in_use: "a server or another program uses it. Stop that first",
    not_a_vouch_database: "this is not a database of Vouch",

    sms_text_web_otp: |line| match line {
        "" => "a line that begins with @ is for browsers on https; VOUCH_PUBLIC_URL is not https".to_owned(),
        _ => format!("a line that begins with @ must be the last one, and be {line}"),
    },
    started: |url, data, sms| format!("Vouch is at {url}\n  data  {data}\n  SMS   {sms}\n  stop  Ctrl+C"),
    first_admin_link: |link, life| {
        format!(
            "\nThere is no admin yet. Whoever opens this link within {life} and logs in becomes the first:\n  {link}"
        )
    },
    granted: |phone| {
        format!("{phone} may run the referral program: log in, go to /admin, and set up the second factor there.")
    },
    granted_before: |phone| {
        format!("{phone} may run the referral program already. To reset the second factor, revoke and grant.")
    },
    revoked: |phone| format!("{phone} may no longer run the referral program."),
    was_no_admin: |phone| format!("{phone} is not an admin. `vouch admin list` lists the admins."),
    admin_line: |phone, since, second_factor| format!("{phone}  admin since {since}, {second_factor}"),
    second_factor_since: |day| format!("second factor since {day}"),
    demo_progress: |done, of| format!("{done} of {of} members"),
    backup_done: |file, members, key| {
        format!(
            "Copied to {file} and checked. Members in it: {members}\nAlso keep {key}: without it, access tokens, open \
             logins and the second factors of admins are lost."
        )
    },
    restored: |file, members| format!("Restored {file}. Members in it: {members}"),
    kept_aside: |file| format!("The database of before is now {file}"),
    logins_ended: |sessions, api, codes| {
        format!("Logins ended: {sessions} in browsers, {api} over the API, {codes} whose code was still valid")
    },
    erased_again: |members| format!("Members erased again because they were erased since the backup: {members}"),
    cannot_erase_again: |error| {
        format!(
            "Members who were erased since the backup are in it again, because the database of before cannot be read \
             ({error}). Erase them again."
        )
    },
    cannot_restore: |file, error| format!("{file} cannot be restored: {error}"),
    damaged_backup: |file, error| format!("{file} is damaged: {error}"),
    secret_forgotten: |admins| {
        format!(
            "The database is now used with another secret. Admins who must set up their second factor again: {admins}"
        )
    },
    secret_differs: |file| {
        let place = file.map(|file| format!("{file} as it was, or ")).unwrap_or_default();
        format!(
            "this is not the secret that the database was used with, so access tokens, open logins and the second factors \
             of admins could not be read. Put the right one back: {place}VOUCH_SECRET. If it is lost, `vouch \
             forget-secret` goes on without it"
        )
    },
    secret_missing: |file| {
        format!(
            "there is no {file}, and the database was used with a secret. Put the file back, or set VOUCH_SECRET. If the \
             secret is lost, `vouch forget-secret` goes on without it"
        )
    },
    secret_unprotected: |file| {
        format!("others on this machine can read the secret in {file}; protect it: chmod 600 {file}")
    },
    no_database: |file| format!("VOUCH_DATABASE_URL: there is no database {file}"),
    file_exists: |file| format!("{file} exists already; name a file that does not"),
    cannot_write: |file, error| format!("{file} cannot be written: {error}"),
    cannot_copy: |error| format!("the database cannot be copied: {error}"),
    damaged_copy: |error| format!("the copy is damaged, and was deleted: {error}"),
    cannot_open: |file, error| format!("VOUCH_DATABASE_URL: {file} cannot be opened: {error}"),
    cannot_listen: |setting, address, error| format!("{setting}: cannot listen on {address}: {error}"),
    webhook_not_https: |url| {
        format!("{url} must begin with https. Within a private network, http is possible with VOUCH_WEBHOOK_PRIVATE=on")
    },
    webhook_twice: |url| format!("{url} is given twice"),
    webhook_address: |url| {
        format!(
            "{url} leads to an address that is not allowed: with https it must be on the Internet unless \
             VOUCH_WEBHOOK_PRIVATE is on, and with http it must not be"
        )
    },
    relaxed_in_public: |needed| format!("VOUCH_LIMITS=relaxed is for load tests: it needs {needed}"),
    unknown_placeholder: |name| {
        format!(
            "unknown placeholder {name}; there are {{to}}, {{to_digits}}, {{text}}, {{code}}, {{ttl_s}}, {{ttl_min}}, \
             {{ttl_hhmm}}, {{id}}, {{client_ip}}, and ${{NAME}} for a value from the environment"
        )
    },
    missing_variable: |name| format!("{name} is not set in the environment, nor {name}_FILE"),
    gateway_file_unreadable: |path, error| format!("VOUCH_SMS: cannot read {path}: {error}"),
    gateway_malformed: |name, problem| format!("VOUCH_SMS: gateway {name}: {problem}"),
    reports_expected: |address| format!("Delivery reports are taken at {address}"),
    no_http_client: |error| {
        format!(
            "messages cannot be sent over HTTPS: {error}. Gateways are known by the certificates of the system: install \
             them (Debian: apt-get install ca-certificates), or name a file of certificates in SSL_CERT_FILE"
        )
    },
    test_message_accepted: |gateway, id| match id {
        "" => format!("{gateway} accepted the message."),
        _ => format!("{gateway} accepted the message; its id there is {id}."),
    },
    test_message_unknown: |gateway, reason| {
        format!("{gateway} may have sent the message or not, so no other gateway is tried: {reason}")
    },
    test_message_refused: |gateway, reason| format!("{gateway} did not send the message: {reason}"),
    test_message_later: |gateway| format!("{gateway} takes no more messages at the moment."),
    unreadable_dotenv: |error| format!("the file .env cannot be read: {error}"),
    unknown_variable: |name| format!("{name} is not a setting and has no effect; `vouch --help` lists the settings"),
    secret_file_failed: |path, error| format!("the secret cannot be read from {path}, nor generated there: {error}"),
    no_randomness: |error| format!("the operating system has no random numbers: {error}"),
    constraint_violated: |constraint| format!("the tables of the database do not allow this: {constraint}"),
    migration_failed: |error| format!("the tables of the database cannot be updated: {error}"),
    malformed_in_database: |what| format!("the database contains a malformed value: {what}"),
    database_half_moved: |source| {
        format!(
            "not all data of {source} has been moved here yet. Repeat `vouch migrate-data` to go on, or empty the database"
        )
    },
    target_not_empty: |target| format!("{target} is not empty; data can only be moved to an empty database"),
    target_of_other: |target, other| {
        format!("data of {other} is being moved to {target}; go on with that, or empty the database")
    },
    tables_differ: |table| {
        format!(
            "{table} is not the same in both databases: the source was changed after the move began. Empty the target, and \
             begin again"
        )
    },
    rows_of_table: |table, rows| format!("  {table:<20} {rows:>12} rows"),
    would_move: |rows, about| {
        let minutes = about.as_secs().div_ceil(60);
        format!("{rows} rows would be moved, in about {minutes} min. Nothing was changed.")
    },
    rows_moved: |table, rows| format!("  {table}: {rows} rows moved"),
    table_is_same: |table, rows, hash| format!("  {table:<20} {rows:>12} rows  {hash}  the same"),
    moved: |target| {
        format!(
            "Everything is in {target}. Start the servers with VOUCH_DATABASE_URL set to it and with the same secret: whoever \
             was logged in still is. The database of before is as it was; do not serve it any more."
        )
    },
    database_too_old: |name, found, needed| format!("this {name} is {found}; Vouch needs {needed} or newer"),
};

#[cfg(feature = "ssr")]
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
#[cfg(feature = "ssr")]
const SHORT_MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Narrow spaces between thousands, as in 12 345.
fn thousands(number: u32) -> String {
    crate::model::thousands(number.into())
}

fn count(number: impl Into<u64>, one: &str, many: &str) -> String {
    let number = number.into();
    format!("{} {}", crate::model::thousands(number), if number == 1 { one } else { many })
}
