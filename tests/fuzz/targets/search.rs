#![no_main]
lodestar_fuzz::target!(search);
