//! Progress of long work: a bar on a terminal, plain lines elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{io::IsTerminal, time::Instant};

/// After how many a plain line is written.
const PLAIN: u64 = 1000;

/// Shows how far some work is; ends when dropped.
pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    plain: bool,
    started: Instant,
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
                0 => tell!("{what}: started"),
                total => tell!("{what}: {total} records"),
            }
        }
        Self {
            bar,
            what,
            plain,
            started: Instant::now(),
        }
    }

    /// How many there will be is known now.
    pub fn expect(&self, total: u64) {
        self.bar.set_length(total);
        let template = "{msg} {wide_bar} {pos}/{len} {per_sec} {eta}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        if self.plain {
            tell!("{}: {total} rows", self.what);
        }
    }

    /// One more is done.
    pub fn step(&self) {
        self.advance(1);
    }

    /// So many more are done.
    pub fn advance(&self, more: u64) {
        let before = self.bar.position() / PLAIN;
        self.bar.inc(more);
        let (done, total) = (self.bar.position(), self.bar.length().unwrap_or(0));
        if !self.plain || done / PLAIN == before || done >= total && total > 0 {
            return;
        }
        let rate = done as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        match total {
            0 => tell!("{}: {done}, {rate:.0} a second", self.what),
            total => {
                let left = (total - done) as f64 / rate;
                tell!(
                    "{}: {done} of {total}, {rate:.0} a second, {left:.0} s left",
                    self.what
                );
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
