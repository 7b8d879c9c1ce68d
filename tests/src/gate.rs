//! Something at which what a test holds up waits, until the test lets it go.

use std::sync::Arc;
use tokio::sync::watch;

/// Something to wait at. It is open unless a test shuts it.
#[derive(Clone)]
pub struct Gate {
    shut: Arc<watch::Sender<bool>>,
    arrived: Arc<watch::Sender<usize>>,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self { shut: Arc::new(watch::Sender::new(false)), arrived: Arc::new(watch::Sender::new(0)) }
    }

    /// From now on everybody waits.
    pub fn shut(&self) {
        self.arrived.send_replace(0);
        self.shut.send_replace(true);
    }

    /// Lets everybody go on.
    pub fn open(&self) {
        self.shut.send_replace(false);
    }

    /// Waits until so many have come to the shut gate.
    pub async fn reached_by(&self, count: usize) {
        let mut arrived = self.arrived.subscribe();
        arrived.wait_for(|arrived| *arrived >= count).await.expect("the gate stands");
    }

    pub(crate) async fn pass(&self) {
        if *self.shut.borrow() {
            self.arrived.send_modify(|arrived| *arrived += 1);
            let mut shut = self.shut.subscribe();
            shut.wait_for(|shut| !shut).await.expect("the gate stands");
        }
    }
}
