//! The limits, each a setting. SECURITY.md explains the defaults. They are enforced by the rules and the HTTP layers, not
//! here.

mod values;

pub use values::{Allowance, Budget, Waits};

use crate::model::login_code::CodeLength;
use clap::builder::RangedU64ValueParser;
use clap::{Args, Command, FromArgMatches};
use std::time::Duration;
use values::lifetime;

/// Every limit.
#[derive(Clone, Debug, Args)]
pub struct Limits {
    #[command(flatten)]
    pub login: LoginLimits,
    #[command(flatten)]
    pub session: SessionLimits,
    #[command(flatten)]
    pub admin: AdminLimits,
    #[command(flatten)]
    pub flags: FlagLimits,
    #[command(flatten)]
    pub redemption: RedemptionLimits,
    #[command(flatten)]
    pub api: ApiLimits,
    #[command(flatten)]
    pub http: HttpLimits,
}

/// Login codes: how many are sent, and how many guesses are evaluated.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Logging in")]
pub struct LoginLimits {
    /// Digits of a login code, 4 to 8
    #[arg(long, env = "VOUCH_CODE_LENGTH", default_value = "4")]
    pub code_length: CodeLength,

    /// Digits of a login code for unknown devices while there are many wrong guesses, 4 to 8
    #[arg(long, env = "VOUCH_LONG_CODE_LENGTH", default_value = "6")]
    pub long_code_length: CodeLength,

    /// How long a login code is valid; NIST SP 800-63B allows ten minutes
    #[arg(long, env = "VOUCH_CODE_LIFE", default_value = "10m", value_parser = lifetime)]
    pub code_life: Duration,

    /// Guesses at one login code that are evaluated, 1 to 10
    #[arg(long, env = "VOUCH_CODE_TRIES", default_value = "3", value_parser = clap::value_parser!(u32).range(1..=10))]
    pub code_tries: u32,

    /// Waits after the first, second, third and every further unused code to a phone
    #[arg(long, env = "VOUCH_RESEND_WAITS", default_value = "60s,2m,5m,15m")]
    pub resend_waits: Waits,

    /// Logins of one phone that may be open at the same time
    #[arg(long, env = "VOUCH_LOGINS_UNDER_WAY", default_value = "3", value_parser = clap::value_parser!(u32).range(1..))]
    pub logins_under_way: u32,

    /// Messages to one phone; its known devices have as many of their own
    #[arg(long, env = "VOUCH_SENDS_PER_PHONE", default_value = "5/1h,8/24h")]
    pub sends_per_phone: Budget,

    /// Wrong guesses at codes of 4 to 7 digits of one phone, after which its codes have 8 digits; its known devices have as
    /// many of their own
    #[arg(long, env = "VOUCH_WRONG_PER_PHONE", default_value = "9/24h,30/30d")]
    pub wrong_per_phone: Budget,

    /// Wrong guesses at codes of 8 digits of one phone; its known devices have as many of their own
    #[arg(long, env = "VOUCH_WRONG_PER_PHONE_LONG", default_value = "100/24h")]
    pub wrong_per_phone_long: Budget,

    /// Into how many parts the messages to a phone, and the wrong guesses at its codes, are divided; one network (IPv4
    /// address, IPv6 /48) has one part at most
    #[arg(long, env = "VOUCH_NETWORK_PARTS", default_value = "3", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub network_parts: u32,

    /// Messages requested by unknown devices at one network address (IPv6: /64; a /56 has 4 times and a /48 10 times as many,
    /// here and below). What leads to a login is not counted
    #[arg(long, env = "VOUCH_SENDS_PER_ADDRESS", default_value = "60/1h")]
    pub sends_per_address: Budget,

    /// Different phones for which unknown devices at one network address request messages
    #[arg(long, env = "VOUCH_PHONES_PER_ADDRESS", default_value = "30/1h,100/24h")]
    pub phones_per_address: Budget,

    /// Wrong guesses by unknown devices at one network address. The first guess at a code is always evaluated
    #[arg(long, env = "VOUCH_WRONG_PER_ADDRESS", default_value = "30/1h")]
    pub wrong_per_address: Budget,

    /// Guesses by unknown devices at one network address where there is no code to guess
    #[arg(long, env = "VOUCH_AIMLESS_PER_ADDRESS", default_value = "300/1h")]
    pub aimless_per_address: Budget,

    /// Wrong guesses by all unknown devices together in 24 hours, in logins that do not succeed, after which they get longer
    /// codes (`VOUCH_LONG_CODE_LENGTH`)
    #[arg(long, env = "VOUCH_WRONG_UNTIL_LONG_CODES", default_value = "100", value_parser = clap::value_parser!(u32).range(1..))]
    pub wrong_until_long_codes: u32,

    /// Wrong guesses, counted in the same way, after which unknown devices get codes of 8 digits
    #[arg(long, env = "VOUCH_WRONG_UNTIL_LONGEST_CODES", default_value = "1000", value_parser = clap::value_parser!(u32).range(1..))]
    pub wrong_until_longest_codes: u32,

    /// Messages requested by unknown devices to phones that differ only in the last four digits
    #[arg(long, env = "VOUCH_SENDS_PER_PREFIX", default_value = "20/1h")]
    pub sends_per_prefix: Budget,

    /// Percent of the messages to phones that differ only in the last four digits that must lead to a login, once there are 20
    /// in a day
    #[arg(
        long,
        env = "VOUCH_PREFIX_USED_PERCENT",
        default_value = "20",
        value_parser = clap::value_parser!(u32).range(..=100)
    )]
    pub prefix_used_percent: u32,

    /// Messages requested by all unknown devices together
    #[arg(long, env = "VOUCH_SENDS_IN_ALL", default_value = "20000/24h")]
    pub sends_in_all: Budget,

    /// Messages requested by all unknown devices together that do not lead to a login
    #[arg(long, env = "VOUCH_UNUSED_SENDS_IN_ALL", default_value = "3000/24h")]
    pub unused_sends_in_all: Budget,

    /// How long after its last login a device stays known
    #[arg(long, env = "VOUCH_DEVICE_LIFE", default_value = "180d", value_parser = lifetime)]
    pub device_life: Duration,
}

/// Cookie sessions.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Sessions")]
pub struct SessionLimits {
    /// Sessions that visitors at one network address may begin without logging in
    #[arg(
        id = "sessions_per_address",
        long = "sessions-per-address",
        env = "VOUCH_SESSIONS_PER_ADDRESS",
        default_value = "3000/1h"
    )]
    pub per_address: Budget,

    /// How long a session is valid without a visit
    #[arg(id = "session_idle", long = "session-idle", env = "VOUCH_SESSION_IDLE", default_value = "7d", value_parser = lifetime)]
    pub idle: Duration,

    /// How long a session is valid at most
    #[arg(id = "session_life", long = "session-life", env = "VOUCH_SESSION_LIFE", default_value = "30d", value_parser = lifetime)]
    pub life: Duration,
}

/// Admins and what they do.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Admins")]
pub struct AdminLimits {
    /// How long an admin can be idle before the second factor is required again
    #[arg(id = "admin_idle", long = "admin-idle", env = "VOUCH_ADMIN_IDLE", default_value = "15m", value_parser = lifetime)]
    pub idle: Duration,

    /// How long after a login an admin has to log in again
    #[arg(id = "admin_life", long = "admin-life", env = "VOUCH_ADMIN_LIFE", default_value = "12h", value_parser = lifetime)]
    pub life: Duration,

    /// Wrong authenticator or recovery codes of one admin
    #[arg(long, env = "VOUCH_WRONG_SECOND_FACTORS", default_value = "5/15m,20/24h")]
    pub wrong_second_factors: Budget,

    /// How long the network and browser of an attempt to redeem a code are kept
    #[arg(long, env = "VOUCH_NETWORK_MEMORY", default_value = "90d", value_parser = lifetime)]
    pub network_memory: Duration,

    /// Lines of one file to import; nobody else can write while they are imported
    #[arg(
        long,
        env = "VOUCH_IMPORT_LINES",
        default_value = "50000",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000)
    )]
    pub import_lines: u32,
}

/// What counts as suspicious.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Flags")]
pub struct FlagLimits {
    /// Redemptions of one member's code in one browser that raise a flag
    #[arg(
        id = "flag_same_browser",
        long = "flag-same-browser",
        env = "VOUCH_FLAG_SAME_BROWSER",
        default_value = "3/24h"
    )]
    pub same_browser: Budget,

    /// Redemptions of one member's code from one network that raise a flag
    #[arg(
        id = "flag_same_network",
        long = "flag-same-network",
        env = "VOUCH_FLAG_SAME_NETWORK",
        default_value = "10/24h"
    )]
    pub same_network: Budget,

    /// Redemptions between members who use the same browser that raise a flag
    #[arg(id = "flag_ring", long = "flag-ring", env = "VOUCH_FLAG_RING", default_value = "2", value_parser = clap::value_parser!(u32).range(1..))]
    pub ring: u32,

    /// Redemptions of one member's code that raise a flag for a code posted in public
    #[arg(id = "flag_posted", long = "flag-posted", env = "VOUCH_FLAG_POSTED", default_value = "20/1h")]
    pub posted: Budget,

    /// Unknown invite codes entered by one member that raise a flag
    #[arg(id = "flag_guessing", long = "flag-guessing", env = "VOUCH_FLAG_GUESSING", default_value = "8/1h")]
    pub guessing: Budget,
}

/// Redeeming invite codes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Redeeming")]
pub struct RedemptionLimits {
    /// Unknown invite codes that one member may enter
    #[arg(
        id = "unknown_invite_codes",
        long = "unknown-invite-codes",
        env = "VOUCH_UNKNOWN_INVITE_CODES",
        default_value = "10/1h"
    )]
    pub unknown_codes: Budget,

    /// Unknown share links that one network may open; an IPv6 /56 has 4 times, a /48 10 times as many
    #[arg(id = "unknown_links", long = "unknown-links", env = "VOUCH_UNKNOWN_LINKS", default_value = "60/1h")]
    pub unknown_links: Budget,
}

/// Tokens of the JSON API.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "JSON API")]
pub struct ApiLimits {
    /// Seconds that an access token of the JSON API is valid, 60 to 86400
    #[arg(
        long,
        env = "VOUCH_ACCESS_TOKEN_TTL",
        default_value = "900",
        value_parser = clap::value_parser!(u32).range(60..=86_400)
    )]
    pub access_token_ttl: u32,

    /// How long a refresh token is valid
    #[arg(long, env = "VOUCH_REFRESH_TOKEN_LIFE", default_value = "30d", value_parser = lifetime)]
    pub refresh_token_life: Duration,

    /// How long a used refresh token gives the same new token again, in case the answer was lost; only as long as the new one
    /// was not used
    #[arg(long, env = "VOUCH_REFRESH_GRACE", default_value = "24h", value_parser = humantime::parse_duration)]
    pub refresh_grace: Duration,

    /// Refresh tokens of one login that are remembered, used ones included
    #[arg(long, env = "VOUCH_TOKENS_PER_LOGIN", default_value = "20", value_parser = clap::value_parser!(u32).range(2..))]
    pub tokens_per_login: u32,

    /// Logins of one member over the API; another one ends the one that was used least recently
    #[arg(long, env = "VOUCH_LOGINS_PER_MEMBER", default_value = "50", value_parser = clap::value_parser!(u32).range(1..))]
    pub logins_per_member: u32,
}

/// Requests and connections.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "HTTP")]
pub struct HttpLimits {
    /// The largest body of a request, in bytes
    #[arg(
        long,
        env = "VOUCH_MAX_BODY",
        default_value = "16384",
        value_parser = RangedU64ValueParser::<usize>::new().range(1024..=1024 * 1024)
    )]
    pub max_body: usize,

    /// How long a body may take to arrive
    #[arg(long, env = "VOUCH_BODY_TIMEOUT", default_value = "10s", value_parser = lifetime)]
    pub body_timeout: Duration,

    /// How long a connection may be idle, or take to send the head of a request
    #[arg(long, env = "VOUCH_IDLE_TIMEOUT", default_value = "30s", value_parser = lifetime)]
    pub idle_timeout: Duration,

    /// How long the server goes on after SIGTERM while /readyz says that it is not ready, so that a proxy in front of several
    /// servers turns to the others: twice the interval of its checks
    #[arg(long, env = "VOUCH_DRAIN_DELAY", default_value = "0s", value_parser = humantime::parse_duration)]
    pub drain_delay: Duration,

    /// How long open requests may take after that
    #[arg(long, env = "VOUCH_DRAIN", default_value = "15s", value_parser = lifetime)]
    pub drain: Duration,
}

/// By how much limits are relaxed for load tests.
const RELAXED_BY: u32 = 1000;

impl Limits {
    /// For load tests: a thousandth of every wait and a thousand times every budget. What all unknown devices share is not
    /// counted at all, because counting millions is slow. Guesses per code and lifetimes stay.
    pub fn relaxed(mut self) -> Self {
        for budget in [
            &mut self.login.sends_per_phone,
            &mut self.login.wrong_per_phone,
            &mut self.login.wrong_per_phone_long,
            &mut self.login.sends_per_address,
            &mut self.login.phones_per_address,
            &mut self.login.wrong_per_address,
            &mut self.login.aimless_per_address,
            &mut self.login.sends_per_prefix,
            &mut self.redemption.unknown_codes,
            &mut self.redemption.unknown_links,
            &mut self.session.per_address,
            &mut self.admin.wrong_second_factors,
        ] {
            budget.0.iter_mut().for_each(|allowance| allowance.uses = allowance.uses.saturating_mul(RELAXED_BY));
        }
        self.login.resend_waits.0.iter_mut().for_each(|wait| *wait /= RELAXED_BY);
        self.login.wrong_until_long_codes = u32::MAX;
        self.login.wrong_until_longest_codes = u32::MAX;
        self.login.sends_in_all = Budget::WITHOUT_LIMIT;
        self.login.unused_sends_in_all = Budget::WITHOUT_LIMIT;
        self.login.logins_under_way = self.login.logins_under_way.saturating_mul(RELAXED_BY);
        self.login.prefix_used_percent = 0;
        self
    }
}

impl Default for Limits {
    /// The defaults, without the environment.
    fn default() -> Self {
        let command = Self::augment_args(Command::new("vouch")).mut_args(|arg| arg.env(None));
        match Self::from_arg_matches(&command.get_matches_from(["vouch"])) {
            Ok(limits) => limits,
            Err(error) => unreachable!("the defaults are in order: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relaxed_limits_keep_what_belongs_to_the_code() {
        let (strict, relaxed) = (Limits::default(), Limits::default().relaxed());
        assert_eq!(relaxed.login.wrong_per_phone.0[0].uses, 9_000);
        assert_eq!(relaxed.login.resend_waits.after(1), Duration::from_millis(60));
        assert_eq!(relaxed.login.sends_in_all, Budget::WITHOUT_LIMIT);
        assert_eq!(
            (relaxed.login.code_tries, relaxed.login.code_life),
            (strict.login.code_tries, strict.login.code_life)
        );
    }
}
