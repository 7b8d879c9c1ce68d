//! Two replicas on one Postgres, with customers all the while: replicas are killed, and so is the
//! database (`rounds`); the database stays away for a while (`outage`); people stand in line (`line`);
//! replicas join and find nobody (`start_up`). Only here and in `restart` does time pass by itself.

mod dice;
mod line;
mod outage;
mod rounds;
mod service;
mod start_up;
