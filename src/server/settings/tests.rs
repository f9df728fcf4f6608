//! What the settings promise.

use super::read::{command, unknown_variable, version};
use super::*;
use clap::FromArgMatches;
use std::fmt::Write;

fn parse(args: &[&str]) -> Result<Settings, String> {
    let args = std::iter::once("vouch").chain(args.iter().copied());
    let given = command().try_get_matches_from(args).map_err(|error| error.to_string())?;
    let cli = Cli::from_arg_matches(&given).map_err(|error| error.to_string())?;
    cli.settings.check().map_err(|error| error.to_string())?;
    Ok(cli.settings)
}

#[test]
fn a_wrong_value_is_refused_with_the_name_of_its_setting() {
    for (option, value, name) in [
        ("--listen", "here", "VOUCH_LISTEN"),
        ("--metrics-listen", "9464", "VOUCH_METRICS_LISTEN"),
        ("--otlp-endpoint", "127.0.0.1:4318", "VOUCH_OTLP_ENDPOINT"),
        ("--otlp-endpoint", "http://", "VOUCH_OTLP_ENDPOINT"),
        ("--public-url", "vouch.example", "VOUCH_PUBLIC_URL"),
        ("--public-url", "https://vouch.example/app", "VOUCH_PUBLIC_URL"),
        ("--database-url", "mysql://x", "VOUCH_DATABASE_URL"),
        ("--database-url", "sqlite:", "VOUCH_DATABASE_URL"),
        ("--secret", "hunter2", "VOUCH_SECRET"),
        ("--sms", "pigeon", "VOUCH_SMS"),
        ("--sms-delay-ms", "soon", "VOUCH_SMS_DELAY_MS"),
        ("--code-length", "3", "VOUCH_CODE_LENGTH"),
        ("--code-length", "9", "VOUCH_CODE_LENGTH"),
        ("--phone-region", "Russia", "VOUCH_PHONE_REGION"),
        ("--access-token-ttl", "15m", "VOUCH_ACCESS_TOKEN_TTL"),
        ("--access-token-ttl", "0", "VOUCH_ACCESS_TOKEN_TTL"),
        ("--limits", "none", "VOUCH_LIMITS"),
        ("--sms-countries", "Russia", "VOUCH_SMS_COUNTRIES"),
        ("--sms-numbers", "fixed", "VOUCH_SMS_NUMBERS"),
        ("--test-phones", "+79990000000=1234@2027-01-31", "VOUCH_TEST_PHONES"),
        ("--code-life", "0s", "VOUCH_CODE_LIFE"),
        ("--code-life", "soon", "VOUCH_CODE_LIFE"),
        ("--code-tries", "0", "VOUCH_CODE_TRIES"),
        ("--resend-waits", "60", "VOUCH_RESEND_WAITS"),
        ("--logins-under-way", "0", "VOUCH_LOGINS_UNDER_WAY"),
        ("--wrong-per-phone", "9", "VOUCH_WRONG_PER_PHONE"),
        ("--prefix-used-percent", "101", "VOUCH_PREFIX_USED_PERCENT"),
        ("--max-body", "1", "VOUCH_MAX_BODY"),
        ("--trusted-hops", "many", "VOUCH_TRUSTED_HOPS"),
        ("--hsts-subdomains", "maybe", "VOUCH_HSTS_SUBDOMAINS"),
        ("--webhooks", "hooks.example", "VOUCH_WEBHOOKS"),
        ("--webhook-secret", "hunter2", "VOUCH_WEBHOOK_SECRET"),
        ("--webhook-private", "maybe", "VOUCH_WEBHOOK_PRIVATE"),
        ("--log", "vouch=loud", "VOUCH_LOG"),
        ("--log-format", "xml", "VOUCH_LOG_FORMAT"),
    ] {
        let message = parse(&[option, value]).expect_err(value);
        assert!(message.contains(name), "{message}");
    }
}

/// docs/settings.md, from the texts of `--help`.
fn page() -> String {
    let command = command();
    let mut page = format!("# Settings\n\n{}\n", command.get_long_about().unwrap());
    let mut heading = None;
    for arg in command.get_arguments().filter(|arg| arg.get_env().is_some()) {
        let group = arg.get_help_heading().unwrap();
        if heading.replace(group) != Some(group) {
            write!(page, "\n## {group}\n\n| variable | default | meaning |\n|---|---|---|\n").unwrap();
        }
        page += &row(arg);
    }
    page
}

fn row(arg: &clap::Arg) -> String {
    let (name, help) = (arg.get_env().unwrap().display(), arg.get_help().unwrap().to_string());
    let values: Vec<_> = arg.get_default_values().iter().map(|value| format!("`{}`", value.display())).collect();
    let (meaning, default) =
        help.trim_end_matches(']').split_once(" [default: ").unwrap_or_else(|| (&help, &values[0]));
    let options: Vec<_> = arg
        .get_possible_values()
        .iter()
        .map(|value| format!("`{}`: {}", value.get_name(), value.get_help().unwrap()))
        .collect();
    let options = if options.is_empty() { String::new() } else { format!(". {}", options.join(". ")) };
    format!("| `{name}` | {default} | {meaning}{options} |\n")
}

/// `make settings` writes the page.
#[test]
fn the_page_of_the_settings_lists_every_one_as_help_does() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
    if std::env::var_os("WRITE_SETTINGS").is_some() {
        std::fs::write(&file, page()).unwrap();
    }
    assert!(std::fs::read_to_string(&file).unwrap() == page(), "run make settings");
}

#[test]
fn a_secret_is_not_printed() {
    let secret = "a1".repeat(32);
    let config = parse(&["--secret", &secret]).unwrap();
    assert!(!format!("{config:?}").contains("a1a1"));
}

#[test]
fn a_proxy_that_was_forgotten_is_noticed() {
    let overlooks = |args: &[&str]| parse(args).unwrap().overlooks_a_proxy();
    let https = ["--sms", "simulated", "--public-url", "https://vouch.example"];
    assert!(overlooks(&https));
    assert!(!overlooks(&[]));
    assert!(!overlooks(&[&https[..], &["--trusted-hops", "1"]].concat()));
    assert!(!overlooks(&[&https[..], &["--listen", "0.0.0.0:3000"]].concat()));
}

#[test]
fn a_secret_is_given_in_one_way() {
    let secret = "a1".repeat(32);
    assert!(parse(&["--secret-file", "secret"]).is_ok());
    assert!(parse(&["--secret", &secret, "--secret-file", "secret"]).is_err());
}

#[test]
fn webhooks_need_https_and_a_secret() {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let with = |args: &[&str]| parse(&[&["--webhook-secret", secret], args].concat());
    let https = ["--webhooks", "https://one.example/,https://two.example/"];
    assert_eq!(with(&https).unwrap().webhooks.len(), 2);
    assert!(parse(&https).unwrap_err().contains("VOUCH_WEBHOOK_SECRET"));
    let http = ["--webhooks", "http://10.0.0.5/"];
    assert!(with(&http).unwrap_err().contains("VOUCH_WEBHOOK_PRIVATE=on"));
    assert!(with(&[&http[..], &["--webhook-private", "on"]].concat()).is_ok());
    assert!(with(&["--webhooks", "https://one.example,https://one.example/"]).is_err());
    assert!(with(&["--webhook-secret-file", "secret"]).is_err());
}

#[test]
fn the_secret_of_webhooks_can_be_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    let mut settings = parse(&["--webhook-secret-file", file.to_str().unwrap()]).unwrap();
    assert!(settings.read_webhook_secret_file().unwrap_err().to_string().contains("VOUCH_WEBHOOK_SECRET_FILE"));
    std::fs::write(&file, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
    settings.read_webhook_secret_file().unwrap();
    assert!(settings.webhook_secret.is_some());
}

#[test]
fn relaxed_limits_are_refused_where_strangers_could_reach_them() {
    assert!(parse(&["--limits", "relaxed"]).is_ok());
    assert!(parse(&["--limits", "relaxed", "--sms", "twilio"]).is_err());
    assert!(parse(&["--limits", "relaxed", "--public-url", "https://vouch.example"]).is_err());
    assert!(parse(&["--limits", "relaxed", "--listen", "0.0.0.0:3000"]).is_err());
}

#[test]
fn simulated_messages_are_refused_in_public_unless_they_are_written_out() {
    for public in [["--public-url", "https://vouch.example"], ["--listen", "0.0.0.0:3000"]] {
        assert!(parse(&public).unwrap_err().contains("VOUCH_SMS=simulated"), "{public:?}");
        let written_out = parse(&[public[0], public[1], "--sms", "simulated"]).unwrap();
        assert!(written_out.is_simulated_in_public());
        let real = parse(&[public[0], public[1], "--sms", "twilio"]).unwrap();
        assert!(!real.is_simulated() && !real.is_simulated_in_public());
    }
    let local = parse(&["--public-url", "http://localhost:3000"]).unwrap();
    assert!(local.is_simulated() && !local.is_simulated_in_public());
}

#[test]
fn the_version_names_the_commit_if_it_is_known() {
    let number = env!("CARGO_PKG_VERSION");
    assert_eq!(version(Some("2f15430abc, 2026-11-28")), format!("{number} (2f15430abc, 2026-11-28)"));
    assert_eq!(version(Some("")), number);
    assert_eq!(version(None), number);
}

#[test]
fn a_misspelt_variable_is_noticed() {
    let names = |name: &str| std::iter::once(name.to_owned());
    assert_eq!(unknown_variable(names("VOUCH_LISTN")), Some("VOUCH_LISTN".to_owned()));
    assert_eq!(unknown_variable(names("VOUCH_LISTEN")), None);
    assert_eq!(unknown_variable(names("PATH")), None);
}
