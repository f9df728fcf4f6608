//! English: what only the server writes.

use super::{Api, Documents, Service, Terminal};
use crate::words::en::count;

pub static DOCUMENTS: Documents = Documents {
    languages: "Languages",
    description: "Log in with your phone number, get an invite code, and see who joined with it.",
    nobody_is_verified: "For trying out: codes are shown in the page, so nobody's phone is verified.",
    terms: "Terms",
    privacy: "Privacy",

    start_title: "Welcome",
    start_heading: "By invitation of people who know you",
    start_text: "Everybody here was invited, and vouches for those whom they invite.",
    start_log_in: "Log in with your phone number. There is no password.",
    start_share: "Get a code of your own, and pass it on to people you trust.",
    start_see: "See who joined through you, as it happens.",

    invitation_title: "Invitation",

    day: "Day",
    week_from: "Week from",
    month: "Month",
    joined_then: "Joined",
    progress_by_time: "People who joined with your code, over time",
    milestones: "Milestones",
    reached: "reached",
    board: "Board",
    empty_board: "Nobody is on the board yet.",
    place: "Place",
    who: "Member",
    you: "you",
    on_board: "You are on the board, with a part of your number.",
    not_on_board: "You are not on the board. Whoever is there is shown to other members with a part of the number, such as +7\u{a0}9••\u{a0}•••‑••‑89.",
    join_board: "Put me on the board",
    leave_board: "Take me off the board",

    offline_heading: "No connection",
    offline_text: "The server cannot be reached. Check your connection and try again.",
    try_again: "Try again",

    devices_heading: "Where you are logged in",
    devices_hint: "If you do not recognize one of them, log it out.",
    this_device: "This device",
    logged_in_on: "Logged in ",
    last_used: "Last used ",
    log_out_everywhere: "Log out everywhere",
    log_out_everywhere_hint: "This ends every login, also the one on this device. To log in again, you need your phone.",
    back_to_profile: "Back to the profile",

    account_heading: "Your data",
    account_text: "What is kept about you, as a file: your number, codes, logins, devices, invitees.",
    download_data: "Download my data",
    delete_heading: "Delete your account",
    delete_text: "Your number, your devices and your logins are deleted at once. People who joined through you stay, and see a \
                  former member. This cannot be undone.",
    send_code_to_delete: "Send me a code to delete it",
    delete_code_text: "We sent a code to your phone. With it your account is deleted.",
    delete_account: "Delete my account",
    deleting: "Deleting…",

    number_heading: "Change your number",
    number_why: "You have another phone number? Your code and your invitees stay with you.",
    number_text: "First we send a code to your present number, then one to the new number. After that you are logged out on all \
                  other devices. Whoever invited you sees the new number.",
    number_begin: "Send a code to my present number",
    number_go_on: "Go on",
    number_proven: "Your present number is confirmed. Now enter the new one within half an hour.",
    number_new: "New phone number",
    number_of_silent_account: "If another account has this number and nobody has used it for half a year, you get the number. \
                               The owner of that account can claim it on a device where they were logged in.",
    number_change: "Change my number",
    number_another: "Enter another number",
    number_cancel: "Keep my present number",

    owner_title: "Is this account yours?",
    owner_heading: "Is this account yours?",
    owner_yes_text: "You had this number before, and logged in here with it.",
    owner_yes: "Yes, it is mine",
    owner_no_text: "You got this number only lately. Then you get an account of your own, and the other one waits for its \
                    owner.",
    owner_no: "No, it is not mine",

    claim_heading: "Do you want your account back?",
    claim_hint: "If it is yours, it gets the number with which you have just logged in, and the new account is deleted. If \
                 somebody else was logged in here, leave it to them.",
    claim_accept: "Yes, it was mine",
    claim_decline: "No, go on with the new account",

    people: |number| count(number, "person", "people"),
    joined_with_your_code: |number| match number {
        0 => "Nobody has joined with your code yet.".to_owned(),
        _ => format!("{} joined with your code.", count(number, "person", "people")),
    },
    your_place: |place| format!("You are in place {}.", crate::model::thousands(place)),
    next_milestone: |invitees, of, sentence| {
        format!("{} of {}: {sentence}", crate::model::thousands(invitees), crate::model::thousands(of))
    },
    owner_question: |day| format!("There is an account with this number. It has not been used since {day}."),
    claim_text: |day| {
        format!("An account was used on this device until {day}. Somebody else has its number now, so it has none.")
    },
};

pub static SERVICE: Service = Service {
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
    invitation_text_member: "You will find the invitation in your profile. It is kept for 30 days, and you decide whether you accept it.",
    invitation_unknown: "This invitation is no longer valid",
    invitation_busy: "This link cannot be checked at the moment",
    invitation_blocked: "This invitation cannot be accepted at the moment",
    invitation_without: "Ask for a new link, or join without one. You can accept an invitation later.",
    invitation_without_member: "Ask for a new link. You can accept an invitation later.",
    invitation_own: "This is your own link",
    invitation_own_text: "Send it to the people you vouch for.",
    invitation_of_invitee: "This person joined through you",
    invitation_of_invitee_text: "So you cannot accept an invitation from them.",
    invitation_used_text: "You can accept only one invitation.",
    join: "Join",
    to_profile: "Go to your profile",
    erased_invitee: "A former member",
    unknown_browser: "An unknown browser",
    unknown_client: "An app, over the API",
    failure_heading: "There is no answer at the moment",
    too_many_requests_heading: "Too many requests",
    failure_text: "Nothing was changed. Try again in a minute.",
    foreign_form_heading: "This did not come from a page of this site",
    foreign_form_text: "The form was sent from another site, or the browser hides where it was sent from. Nothing was \
                        changed.",
    login_message: "Your {name} code is {code}. It expires in {minutes} min. Do not share it.",

    body_too_large: |kib| format!("The body is too large. Send at most {kib} KiB."),
    invalid_json: |error| format!("The body is not valid JSON: {error}."),
    unusable_body: |error| format!("The body cannot be used: {error}."),
    number_from_to: |from, to| format!("This must be a number from {from} to {to}."),
    must_be_one_of: |words| format!("This must be one of: {words}."),
    bad_idempotency_key: |most| format!("An Idempotency-Key is one header of 1 to {most} visible ASCII characters."),
    activated: |code| format!("The code {code} is activated."),
    month: |month| MONTHS[usize::from(u8::from(month)) - 1].to_owned(),
    short_month: |month| SHORT_MONTHS[usize::from(u8::from(month)) - 1].to_owned(),
    month_alone: |month| SHORT_MONTHS[usize::from(u8::from(month)) - 1].to_owned(),
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
    invitation_busy_text: |code| {
        format!("Too many unknown links were opened from your network. You can enter the code {code} in your profile.")
    },
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

pub static API: Api = Api {
    needs_javascript: "This page needs JavaScript. The description itself does not:",
    as_yaml: "as YAML",
    as_json: "as JSON",
    required: "required",
    loading: "loading",

    digits: |least, most| if least == most { least.to_string() } else { format!("{least} to {most}") },
    uses_within: |uses, window| format!("{uses} in {window}"),
    both: |one, other| format!("{one} and {other}"),
    limit_policy: |example| {
        format!("The limit: its name, the number of uses, and their period in seconds, as in `{example}`")
    },
    limit_left: |example| format!("The uses that are left, and the seconds until there is another, as in `{example}`"),
};

pub static TERMINAL: Terminal = Terminal {
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

const SHORT_MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
