//! The real binary as a process: killed in the middle and started again, stopped politely, started
//! wrongly. Only here does time pass by itself. What holds the processes is in `process`.

mod commands;
mod drain;
mod kills;
mod process;
mod retention;
mod secrecy;
mod simulate;
mod start_up;
mod tampering;
