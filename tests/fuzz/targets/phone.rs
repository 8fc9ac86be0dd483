#![no_main]
lodestar_fuzz::target!(phone);
