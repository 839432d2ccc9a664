//! A bar for somebody who waits: it comes up once work has taken half a second, and is gone when the work is done.

use std::io::Write;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::terminal::Terminal;

/// Work that is done sooner gets no bar.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the bar is drawn again.
const BEAT: Duration = Duration::from_millis(100);
/// Columns of the bar.
const WIDTH: usize = 24;

/// A bar under way. It ends when it is dropped.
pub struct Progress {
    ends: Option<Sender<usize>>,
    drawing: Option<JoinHandle<()>>,
    at: usize,
}

impl Progress {
    /// Starts on the first of some stages, which are named. Draws nothing where a line cannot be drawn over again.
    pub fn start(terminal: Terminal, stages: Vec<String>) -> Self {
        if !terminal.live {
            return Self::none();
        }
        let (ends, stage) = channel();
        let drawing = std::thread::spawn(move || draw(&stages, &stage, &mut std::io::stderr()));
        Self { ends: Some(ends), drawing: Some(drawing), at: 0 }
    }

    /// One that draws nothing.
    pub fn none() -> Self {
        Self { ends: None, drawing: None, at: 0 }
    }

    /// Goes on to the next stage.
    pub fn next(&mut self) {
        self.at += 1;
        if let Some(ends) = &self.ends {
            // Whoever draws may have gone; then there is nobody to tell.
            let _ = ends.send(self.at);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.ends = None;
        if let Some(drawing) = self.drawing.take() {
            let _ = drawing.join();
        }
    }
}

fn draw(stages: &[String], stage: &Receiver<usize>, to: &mut impl Write) {
    let begun = Instant::now();
    let (mut at, mut drawn) = (0, false);
    loop {
        match stage.recv_timeout(if drawn { BEAT } else { PATIENCE.saturating_sub(begun.elapsed()) }) {
            Ok(next) => at = next,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if begun.elapsed() >= PATIENCE {
            drawn = true;
            let _ = write!(to, "\r\x1b[2K{}", line(stages, at, begun.elapsed())).and_then(|()| to.flush());
        }
    }
    if drawn {
        let _ = write!(to, "\r\x1b[2K").and_then(|()| to.flush());
    }
}

/// `[======>         ] 2/4 checking 1.3 s`
fn line(stages: &[String], at: usize, elapsed: Duration) -> String {
    let (number, total) = ((at + 1).min(stages.len()), stages.len().max(1));
    // Half way through a stage, since nobody knows better.
    let full = WIDTH * (2 * number - 1) / (2 * total);
    let bar = format!("{}>", "=".repeat(full.saturating_sub(1)));
    let name = stages.get(at).map_or("", String::as_str);
    format!("[{bar:WIDTH$}] {number}/{total} {name} {:.1} s", elapsed.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_says_where_it_is_in_less_than_80_columns() {
        let stages = ["read", "judge", "lay out", "publish"].map(str::to_owned);
        assert_eq!(line(&stages, 1, Duration::from_millis(1250)), "[========>               ] 2/4 judge 1.2 s");
        assert!(line(&stages, 3, Duration::from_secs(3600)).len() < 80);
    }

    #[test]
    fn it_comes_up_late_and_leaves_nothing() {
        let drawn = |pause: Duration| {
            let (ends, stage) = channel();
            let drawing = std::thread::spawn(move || {
                let mut out = Vec::new();
                draw(&["a".to_owned(), "b".to_owned()], &stage, &mut out);
                String::from_utf8(out).unwrap()
            });
            std::thread::sleep(pause);
            ends.send(1).unwrap();
            drop(ends);
            drawing.join().unwrap()
        };
        assert_eq!(drawn(Duration::ZERO), "");
        let slow = drawn(Duration::from_millis(700));
        assert!(slow.contains("1/2 a") && slow.ends_with("\r\x1b[2K"), "{slow:?}");
    }
}
