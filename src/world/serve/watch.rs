//! Waits until the files of a workspace are others than they were, and tells whether they are still as they were seen.
//!
//! What the system tells of changes only wakes us; what has changed is told by two listings (see
//! [`read::stamps`]). So opening a file, a publication into `site/` or an editor's swap files change nothing, and a share
//! that tells of nothing is watched in the same way, only by looking at intervals.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::sleep;
use std::time::{Duration, Instant as Clock};

use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::say;
use crate::say::Said;
use crate::world::read::{self, FOLDERS, Stamps};

/// So long nothing may change before the river begins: a program that saves empties the file first and fills it then.
const PAUSE: Duration = Duration::from_millis(20);
/// So long nothing may have changed before a state is shown. The river runs meanwhile.
const QUIET: Duration = Duration::from_millis(60);
/// A file that is written to without a pause is taken as it is after this time.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often files are looked at where the system does not tell of changes.
const INTERVAL: Duration = Duration::from_millis(500);

/// How changes are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looking {
    /// The system tells.
    Told,
    /// By looking again and again, as on shares.
    Again,
}

/// A change of a workspace.
pub struct Change {
    /// What there is now.
    pub stamps: Stamps,
    /// Since when it is so.
    seen: Clock,
    /// Since when there is no rest.
    began: Clock,
}

impl Change {
    /// What there is at the beginning.
    pub fn at(stamps: Stamps) -> Self {
        let now = Clock::now();
        Self { stamps, seen: now, began: now }
    }
}

/// An eye on a workspace.
pub struct Watch {
    root: PathBuf,
    /// What tells of changes; none where files are looked at again and again.
    told: Option<(RecommendedWatcher, Receiver<()>)>,
}

impl Watch {
    /// Begins to watch. Where the system cannot tell of changes, the reason comes along, and the files are looked at
    /// instead.
    pub fn begin(root: &Path, looking: Looking) -> (Self, Option<Said>) {
        let mut watch = Self { root: root.to_owned(), told: None };
        if looking == Looking::Again {
            return (watch, None);
        }
        let (sender, receiver) = channel();
        match teller(root, sender) {
            Ok(watcher) => {
                watch.told = Some((watcher, receiver));
                (watch, None)
            }
            Err(why) => {
                let said = say!(
                    "系统不能通知文件的变化（{why}），改为每半秒查看一次",
                    "the system cannot tell of changes ({why}); looking twice a second instead"
                );
                (watch, Some(said))
            }
        }
    }

    /// Waits until the workspace differs from what is known of it.
    pub fn next(&mut self, known: &Stamps) -> Change {
        loop {
            self.wait();
            let seen = self.look();
            if seen != *known {
                return self.paused(seen, Clock::now());
            }
        }
    }

    /// What the workspace has become since a change was seen, where it did not stay so. None where the state that was
    /// seen may be shown: it held still for long enough, or for too long nothing did.
    pub fn since(&self, change: &Change) -> Option<Change> {
        if change.began.elapsed() > PATIENCE {
            return None;
        }
        sleep(QUIET.saturating_sub(change.seen.elapsed()));
        let now = self.look();
        (now != change.stamps).then(|| self.paused(now, change.began))
    }

    fn paused(&self, mut stamps: Stamps, began: Clock) -> Change {
        loop {
            let seen = Clock::now();
            sleep(PAUSE);
            let again = self.look();
            if again == stamps || began.elapsed() > PATIENCE {
                return Change { stamps: again, seen, began };
            }
            stamps = again;
        }
    }

    fn wait(&mut self) {
        let Some((watcher, receiver)) = &mut self.told else { return sleep(INTERVAL) };
        if receiver.recv().is_err() {
            self.told = None;
            return;
        }
        while receiver.try_recv().is_ok() {}
        // A folder that was not there, or was taken away and put back, is not watched yet.
        for folder in FOLDERS.map(|name| self.root.join(name)).iter().filter(|folder| folder.is_dir()) {
            let _ = watcher.watch(folder, RecursiveMode::Recursive);
        }
    }

    /// A workspace that cannot be looked at is as good as empty: the next build says why.
    fn look(&self) -> Stamps {
        read::stamps(&self.root).unwrap_or_default()
    }
}

/// Watches the workspace's own folder, and all below those that are read.
fn teller(root: &Path, sender: Sender<()>) -> notify::Result<RecommendedWatcher> {
    // Opening and reading are events too, and a build reads everything.
    let tell = move |event: notify::Result<Event>| {
        if !event.is_ok_and(|event| matches!(event.kind, EventKind::Access(_))) {
            let _ = sender.send(());
        }
    };
    let mut watcher = RecommendedWatcher::new(tell, Config::default().with_follow_symlinks(false))?;
    watcher.watch(root, RecursiveMode::NonRecursive)?;
    for folder in FOLDERS.map(|name| root.join(name)).iter().filter(|folder| folder.is_dir()) {
        watcher.watch(folder, RecursiveMode::Recursive)?;
    }
    Ok(watcher)
}

#[cfg(test)]
mod tests {
    use std::thread::spawn;

    use super::*;
    use crate::world::scratch::Scratch;

    /// The state that may be shown where building takes no time.
    fn quiet(watch: &mut Watch, known: &Stamps) -> Stamps {
        let mut change = watch.next(known);
        while let Some(newer) = watch.since(&change) {
            change = newer;
        }
        change.stamps
    }

    /// What changes while something is done, as paths.
    fn noticed(looking: Looking, act: impl FnOnce(&Scratch) + Send) -> Vec<String> {
        let scratch = Scratch::new("watch");
        scratch.write("wellkept.toml", "a");
        scratch.write("content/a.md", "a");
        let root = scratch.path("");
        let known = read::stamps(&root).unwrap();
        let (mut watch, why) = Watch::begin(&root, looking);
        assert_eq!(why, None);
        let seen = std::thread::scope(|scope| {
            scope.spawn(|| act(&scratch));
            quiet(&mut watch, &known)
        });
        let paths = seen.keys().chain(known.keys()).filter(|path| seen.get(*path) != known.get(*path));
        let mut paths: Vec<String> = paths.map(ToString::to_string).collect();
        paths.sort();
        paths.dedup();
        paths
    }

    #[test]
    fn changes_are_noticed_in_both_ways_of_looking() {
        for looking in [Looking::Told, Looking::Again] {
            assert_eq!(noticed(looking, |s| s.write("content/a.md", "b")), ["content/a.md"]);
            assert_eq!(noticed(looking, |s| s.write("wellkept.toml", "bb")), ["wellkept.toml"]);
            let removed = noticed(looking, |s| std::fs::remove_file(s.path("content/a.md")).unwrap());
            assert_eq!(removed, ["content/a.md"]);
        }
    }

    #[test]
    fn new_folders_are_seen_and_what_is_written_in_them_later() {
        let late = |s: &Scratch| {
            std::fs::create_dir(s.path("records")).unwrap();
            sleep(Duration::from_millis(400));
            std::fs::create_dir_all(s.path("records/backup/2026")).unwrap();
            sleep(Duration::from_millis(400));
            s.write("records/backup/2026/10.csv", "id");
        };
        assert_eq!(noticed(Looking::Told, late), ["records/backup/2026/10.csv"]);
    }

    #[test]
    fn a_file_is_waited_for_until_it_is_whole_and_a_site_is_no_change() {
        let scratch = Scratch::new("whole");
        scratch.write("wellkept.toml", "a");
        scratch.write("content/a.md", "a");
        let root = scratch.path("");
        let known = read::stamps(&root).unwrap();
        let (mut watch, _) = Watch::begin(&root, Looking::Told);
        let writer = {
            let root = root.clone();
            spawn(move || {
                std::fs::create_dir(root.join("site")).unwrap();
                std::fs::write(root.join("site/index.html"), "x").unwrap();
                std::fs::read(root.join("content/a.md")).unwrap();
                sleep(Duration::from_millis(300));
                for size in 1..=8 {
                    std::fs::write(root.join("content/a.md"), "b".repeat(size * 10)).unwrap();
                    sleep(Duration::from_millis(30));
                }
            })
        };
        let begun = Clock::now();
        let seen = quiet(&mut watch, &known);
        writer.join().unwrap();
        assert!(begun.elapsed() > Duration::from_millis(300 + 8 * 30), "{:?}", begun.elapsed());
        assert_eq!(seen, read::stamps(&root).unwrap());
    }
}
