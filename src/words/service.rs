//! Sentences for API clients, text messages and terminals: problem details, the SMS, pages that are sent when no page
//! can be rendered, and the output of commands.

use std::time::Duration;

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

        // Pages for people when no page can be rendered.
        failure_heading,
        failure_text,
        foreign_form_heading,
        foreign_form_text,

        // The terminal.
        no_admins,
        second_factor_not_set_up,
        demo_not_empty,
        demo_done,
        sms_simulated,
        secret_malformed,
    } with {
        body_too_large(kib: usize),
        invalid_json(error: &str),
        unusable_body(error: &str),
        number_from_to(from: u32, to: u32),
        must_be_one_of(words: &str),
        bad_idempotency_key(most: usize),
        activated(code: &str),
        exact_duration(duration: Duration),
        exact_size(bytes: usize),
        login_message(code: &str, life: &str),
        started(url: &str, data: &str, sms: &str),
        first_admin_link(link: &str, life: &str),
        granted(phone: &str),
        granted_before(phone: &str),
        revoked(phone: &str),
        was_no_admin(phone: &str),
        admin_line(phone: &str, since: &str, second_factor: &str),
        second_factor_since(day: &str),
        demo_progress(done: u32, of: u32),
        backup_done(file: &str, members: i64, key: &str),
        no_database(file: &str),
        file_exists(file: &str),
        cannot_write(file: &str, error: &str),
        cannot_copy(error: &str),
        damaged_copy(error: &str),
        cannot_open(file: &str, error: &str),
        cannot_listen(address: &str, error: &str),
        relaxed_in_public(needed: &str),
        unreadable_dotenv(error: &str),
        unknown_variable(name: &str),
        secret_file_failed(path: &str, error: &str),
        no_randomness(error: &str),
        constraint_violated(constraint: &str),
        migration_failed(error: &str),
        malformed_in_database(what: &str),
        sqlite_too_old(found: &str, needed: &str),
    }
}
