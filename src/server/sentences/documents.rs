//! Sentences of the pages that need no app, and of what is around every page. Those of the members' app are in
//! [`crate::words`].

sentences! {
    Documents {
        // Around every page.
        languages,
        description,
        nobody_is_verified,
        terms,
        privacy,

        // The first page.
        start_title,
        start_heading,
        start_text,
        start_log_in,
        start_share,
        start_see,

        // The page behind a share link.
        invitation_title,

        // The progress.
        day,
        week_from,
        month,
        joined_then,
        progress_by_time,
        milestones,
        reached,
        board,
        empty_board,
        place,
        who,
        you,
        on_board,
        not_on_board,
        join_board,
        leave_board,

        // Without a connection.
        offline_heading,
        offline_text,
        try_again,

        // The devices.
        devices_heading,
        devices_hint,
        this_device,
        logged_in_on,
        last_used,
        log_out_everywhere,
        log_out_everywhere_hint,
        back_to_profile,

        // The member's own data.
        account_heading,
        account_text,
        download_data,
        delete_heading,
        delete_text,
        send_code_to_delete,
        delete_code_text,
        delete_account,
        deleting,

        // Another number.
        number_heading,
        number_why,
        number_text,
        number_begin,
        number_go_on,
        number_proven,
        number_new,
        number_of_silent_account,
        number_change,
        number_another,
        number_cancel,

        // Whose account it is.
        owner_title,
        owner_heading,
        owner_yes_text,
        owner_yes,
        owner_no_text,
        owner_no,

        // An account whose number somebody else has.
        claim_heading,
        claim_hint,
        claim_accept,
        claim_decline,
    } with {
        people(number: u64),
        joined_with_your_code(number: u64),
        your_place(place: u64),
        next_milestone(invitees: u64, of: u64, sentence: &str),
        owner_question(day: &str),
        claim_text(day: &str),
    }
}
