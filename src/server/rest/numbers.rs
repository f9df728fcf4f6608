//! The settings of the host in the description of its API. A text there names a setting in braces, as in `{code_life}`.

use crate::model::login_code::CodeLength;
use crate::server::domain::redeem::IDEMPOTENCY_MEMORY;
use crate::server::limits::{Budget, Limits, LoginLimits};
use crate::server::sentences;
use std::time::Duration;

/// A description with the values of the settings in place of their names.
pub fn fill(description: &str, limits: &Limits) -> String {
    let named = |name: &str| format!("{{{name}}}");
    values(limits).into_iter().fold(description.to_owned(), |text, (name, value)| text.replace(&named(name), &value))
}

fn values(limits: &Limits) -> [(&'static str, String); 20] {
    let Limits { login, admin, redemption, api, http, .. } = limits;
    [
        ("code_length", code_length(login)),
        ("code_pattern", code_pattern(login)),
        ("code_example", code_example(login)),
        ("code_life", exact(login.code_life)),
        ("code_guesses", login.code_tries.to_string()),
        ("resend_wait", exact(login.resend_waits.after(1))),
        ("sends_per_phone", budget(&login.sends_per_phone)),
        ("wrong_per_phone", budget(&login.wrong_per_phone)),
        ("access_token_life", exact(Duration::from_secs(api.access_token_ttl.into()))),
        ("refresh_token_life", exact(api.refresh_token_life)),
        ("refresh_grace", exact(api.refresh_grace)),
        ("unknown_codes", budget(&redemption.unknown_codes)),
        ("idempotency_memory", exact(IDEMPOTENCY_MEMORY)),
        ("admin_idle", exact(admin.idle)),
        ("admin_life", exact(admin.life)),
        ("wrong_second_factors", budget(&admin.wrong_second_factors)),
        ("network_memory", exact(admin.network_memory)),
        ("import_lines", admin.import_lines.to_string()),
        ("max_body", sentences::service().exact_size(http.max_body)),
        ("body_timeout", exact(http.body_timeout)),
    ]
}

fn exact(duration: Duration) -> String {
    sentences::service().exact_duration(duration)
}

fn budget(budget: &Budget) -> String {
    let words = sentences::api();
    let each = budget.0.iter().map(|each| words.uses_within(each.uses, &exact(each.window)));
    each.reduce(|budget, each| words.both(&budget, &each)).unwrap_or_default()
}

/// The fewest and the most digits of a login code.
fn digits(limits: &LoginLimits) -> (u8, u8) {
    (limits.code_length.into(), CodeLength::MAX.into())
}

fn code_length(limits: &LoginLimits) -> String {
    let (least, most) = digits(limits);
    sentences::api().digits(least, most)
}

fn code_pattern(limits: &LoginLimits) -> String {
    match digits(limits) {
        (least, most) if least == most => format!("^[0-9]{{{least}}}$"),
        (least, most) => format!("^[0-9]{{{least},{most}}}$"),
    }
}

fn code_example(limits: &LoginLimits) -> String {
    "07641592".chars().take(u8::from(limits.code_length).into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_stands_where_its_name_stood() {
        let mut limits = Limits::default();
        let text = "{code_length} {code_pattern} {code_example} {code_life} {sends_per_phone} {max_body} {id}";
        assert_eq!(fill(text, &limits), "4 to 8 ^[0-9]{4,8}$ 0764 10 minutes 5 in 1 hour and 8 in 1 day 16 KiB {id}");
        limits.login.code_length = "8".parse().unwrap();
        limits.login.code_life = Duration::from_secs(90);
        limits.http.max_body = 20_000;
        assert_eq!(fill(text, &limits), "8 ^[0-9]{8}$ 07641592 90 seconds 5 in 1 hour and 8 in 1 day 20000 bytes {id}");
    }
}
