//! Progress of long work: a bar on a terminal, plain lines elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// Shows how far some work is; ends when dropped.
pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    plain: bool,
}

impl Progress {
    /// Starts; `total` is unknown when 0.
    pub fn start(what: &'static str, total: u64) -> Self {
        let plain = !std::io::stderr().is_terminal();
        let template = match total {
            0 => "{msg} {pos} {per_sec}",
            _ => "{msg} {wide_bar} {pos}/{len} {per_sec} {eta}",
        };
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(total).with_style(style).with_message(what);
        if plain {
            bar.set_draw_target(ProgressDrawTarget::hidden());
            match total {
                0 => eprintln!("{what}: started"),
                total => eprintln!("{what}: {total} records"),
            }
        }
        Self { bar, what, plain }
    }

    /// One more is done.
    pub fn step(&self) {
        self.bar.inc(1);
        let (done, total) = (self.bar.position(), self.bar.length().unwrap_or(0));
        if self.plain && done.is_multiple_of(1000) && done != total {
            match total {
                0 => eprintln!("{}: {done}", self.what),
                total => eprintln!("{}: {done} of {total}", self.what),
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
