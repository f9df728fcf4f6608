//! The executable: reads the settings and runs the subcommand. Everything else is in the library.

use std::process::ExitCode;
use vouch::server::commands::{admin, backup, demo, end_logins, forget_secret, migrate_data, restore, sms};
use vouch::server::settings::{Cli, Command};

// Rendering a page makes many small allocations: with the allocator of glibc they took a third of the time of /login.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The commit and its date, from the Makefile. Here and not in the library, which would be compiled again for each commit.
const COMMIT: Option<&str> = option_env!("VOUCH_COMMIT");

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match Cli::read(COMMIT) {
        Ok(cli) => cli,
        Err(error) => return fail(&error),
    };
    match cli.command.unwrap_or_default() {
        Command::Serve => end(vouch::server::run(cli.settings).await),
        Command::Backup { file } => end(backup::run(&cli.settings, &file).await),
        Command::Restore { file } => end(restore::run(&cli.settings, &file).await),
        Command::MigrateData { from, to, dry_run } => end(migrate_data::run(&from, &to, dry_run).await),
        Command::EndLogins => end(end_logins::run(&cli.settings).await),
        Command::ForgetSecret => end(forget_secret::run(&cli.settings).await),
        Command::Demo { members, hub } => end(demo::run(&cli.settings, demo::Size { members, hub }).await),
        Command::Sms { command } => end(sms::run(&cli.settings, &command).await),
        Command::Admin { command } => end(admin::run(&cli.settings, &command).await),
    }
}

fn end(done: Result<(), impl std::error::Error>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("vouch: {error}");
    ExitCode::FAILURE
}
