//! The subcommands, as `vouch --help` lists them. What each does is in a file of the same name in `commands`.

use super::values::DatabaseUrl;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Clone, Debug, Default, Subcommand)]
pub enum Command {
    /// Serve the web app (the default)
    #[default]
    Serve,
    /// Copy the database to a file, also while the server runs
    Backup {
        /// The new file; it must not exist yet
        file: PathBuf,
    },
    /// Put a backup in the place of the database; the server must be stopped. Every login ends, and members who were erased
    /// since are erased again
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Move all data to another, empty database, such as from sqlite:vouch.db to postgres://…; no server may use either. If it is
    /// interrupted, the same command goes on
    MigrateData {
        /// The database that has the data; it is not changed
        from: DatabaseUrl,
        /// The database that gets it
        to: DatabaseUrl,
        /// Only say what would be moved, and about how long that takes
        #[arg(long)]
        dry_run: bool,
    },
    /// End every session, token and login code, as after a restore by the means of PostgreSQL
    EndLogins,
    /// Go on after the secret of the database was lost: every login ends, and admins must set up their second factor again
    ForgetSecret,
    /// Fill an empty database with invented members, to try out the admin pages
    Demo {
        /// Number of members
        #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
        members: u32,
        /// Number of invitees of the first member, as far as there are members who redeem a code
        #[arg(long, default_value_t = 0)]
        hub: u32,
    },
    /// Try out the gateways for text messages
    Sms {
        #[command(subcommand)]
        command: SmsCommand,
    },
    /// Grant, revoke and list the right to run the referral program at /admin
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
}

#[derive(Clone, Debug, Subcommand)]
pub enum SmsCommand {
    /// Send one message, and print each request and answer without the secrets
    Test {
        /// The phone number, in any common format
        phone: String,
    },
}

#[derive(Clone, Debug, Subcommand)]
pub enum AdminCommand {
    /// Make the owner of a phone an admin; they set up a second factor at their first visit to /admin
    Grant {
        /// The phone number, in any common format
        phone: String,
    },
    /// Revoke the right and delete the second factor; effective at once
    Revoke {
        /// The phone number, in any common format
        phone: String,
    },
    /// List the admins
    List,
}
