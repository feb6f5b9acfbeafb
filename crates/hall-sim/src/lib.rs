//! Simulated citizens, staff and devices: whole days in a second, load on a live hub, a demo of the real programs.
//! Everything the hall does with people and hardware can be tried without either.

pub mod crowd;
pub mod day;
pub mod demo;
pub mod live;
pub mod load;
pub mod printer;
pub mod program;
pub mod replay;
pub mod screen;
