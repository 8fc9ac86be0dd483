#![no_main]
lodestar_fuzz::target!(headers);
