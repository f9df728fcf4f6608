//! A file that gets its name only when all of it is there.

use crate::server::storage::sqlite::companions;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// An empty file beside `target`, readable by its owner only. Dropping it deletes it, unless it was put in place.
pub struct Part {
    target: PathBuf,
    path: PathBuf,
    /// Locked, so that another command does not take it for one that was left behind.
    file: File,
    is_in_place: bool,
}

impl Part {
    /// Replaces one that an interrupted command left behind.
    ///
    /// # Errors
    /// When it cannot be made there, or another command is writing it.
    pub fn of(target: &Path) -> io::Result<Self> {
        let path = beside(target, ".part");
        match OpenOptions::new().append(true).open(&path) {
            Ok(left) => {
                left.try_lock()?;
                remove(&path)?;
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Err(_) => remove(&path)?,
        }
        // SQLite writes into an empty file, but gives a new one to everybody.
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.lock()?;
        Ok(Self { target: target.to_owned(), path, file, is_in_place: false })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its name, in place of a file that has it.
    ///
    /// # Errors
    /// When the disk or the folder does not allow it.
    pub fn put_in_place(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, &self.target)?;
        self.is_in_place = true;
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.is_in_place {
            return;
        }
        if let Err(error) = remove(&self.path) {
            tracing::warn!(file = %self.path.display(), %error, "a file could not be deleted");
        }
    }
}

/// Deletes a database and what `SQLite` keeps beside it, which would be taken for that of the next one.
fn remove(path: &Path) -> io::Result<()> {
    for file in companions(path).iter().map(PathBuf::as_path).chain([path]) {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The name of a file with something added to it.
pub fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
