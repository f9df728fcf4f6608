//! Sentences that only the server writes: problem details, parts of pages, pages that are sent when no page can be rendered,
//! and the text message.

use std::time::Duration;
use time::Month;

sentences! {
    Service {
        // Problem details that no refusal explains.
        access_token_missing,
        foreign_page,
        nothing_here,
        method_not_allowed,
        body_too_slow,
        media_type_json,
        media_type_csv,
        not_understood,
        body_not_object,
        refresh_token_missing,
        must_be_string,
        must_be_flag,
        bad_cursor,

        // Parts of pages.
        invitation_text,
        invitation_text_member,
        invitation_unknown,
        invitation_busy,
        invitation_blocked,
        invitation_without,
        invitation_without_member,
        invitation_own,
        invitation_own_text,
        invitation_of_invitee,
        invitation_of_invitee_text,
        invitation_used_text,
        join,
        to_profile,
        erased_invitee,
        unknown_browser,
        unknown_client,

        // Pages for people when no page can be rendered.
        failure_heading,
        too_many_requests_heading,
        failure_text,
        foreign_form_heading,
        foreign_form_text,

        // The text message, with {code} and {minutes}.
        login_message,
    } with {
        body_too_large(kib: usize),
        invalid_json(error: &str),
        unusable_body(error: &str),
        number_from_to(from: u32, to: u32),
        must_be_one_of(words: &str),
        bad_idempotency_key(most: usize),
        activated(code: &str),
        month(month: Month),
        short_month(month: Month),
        month_alone(month: Month),
        exact_duration(duration: Duration),
        exact_size(bytes: usize),
        invitation_by(inviter: &str),
        invitation_used(code: &str),
        invitation_busy_text(code: &str),
        invited_by(inviter: &str),
        share_message(link: &str),
        link_counts(opened: u64, logged_in: u64, redeemed: u64),
        places(number: usize),
        browser_on(browser: &str, system: &str),
        client_of_api(client: &str),
    }
}
