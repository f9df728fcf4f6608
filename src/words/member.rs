//! Sentences that the browser of a member renders. Those of other pages of theirs come from the server.

use crate::model::login_code::CodeLength;

sentences! {
    Member {
        // No answer, or none that helps.
        unavailable,
        offline,

        // Every page.
        log_out,
        logging_out,
        one_moment,
        page_failed,

        // The first step of the login.
        login_required,
        login_title,
        login_heading,
        login_intro,
        phone_number,
        phone_hint,
        country,
        send_code,
        sending,
        code_on_its_way_to,
        enter_it,

        // The second step.
        code_title,
        code_heading,
        code_sent_to,
        last_digit_sends,
        code,
        log_in,
        checking,
        send_again,
        change_number,
        simulated_message,
        simulated_message_app,
        simulated_message_time,

        // The profile.
        profile_title,
        logged_in_as,
        own_code,
        copy_code,
        copy_link,
        copied,
        more_ways,
        share_text,
        share,
        copy_message,
        qr_code,
        download_qr_code,
        accept,
        another_code,
        own_code_hint,
        who_invited_you,
        activated_code,
        their_code,
        their_code_hint,
        activate,
        activating,
        progress_title,
        invitees,
        no_invitees,
        invitee_pages,
        newest,
        older,

        // Other pages.
        devices_title,
        account_title,

        // An address that does not exist.
        not_found_title,
        not_found_heading,
        not_found_text,
        to_the_start,
    } with {
        duration(seconds: u32),
        joined(number: u64),
        code_hint(digits: CodeLength),
        send_again_in(wait: &str),
    }
}
