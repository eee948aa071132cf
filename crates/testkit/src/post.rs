//! A way out that keeps what was handed over, and does to each address what its name says: for tests of what is decided and
//! written down. Whether a real server takes a message is tested where messages are handed to one.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use commonweal_domain::Sender;
use commonweal_ports::{Carried, Carrier, Carriers, Parcel};

/// Keeps parcels. Addresses that begin with `gone` are refused for good, with `later` for now, with `lost` are taken and the
/// answer is lost, with `odd` can't be written to.
#[derive(Default)]
pub struct TestPost {
    parcels: Mutex<Vec<Parcel>>,
    down: AtomicBool,
    others: Mutex<Option<Arc<dyn Carriers>>>,
}

impl TestPost {
    /// What arrived so far, in order.
    pub fn arrived(&self) -> Vec<Parcel> {
        self.parcels.lock().expect("no test panics while it reads post").clone()
    }

    /// To whom, sorted.
    pub fn addresses(&self) -> Vec<String> {
        let mut all: Vec<String> = self.arrived().into_iter().map(|parcel| parcel.to).collect();
        all.sort_unstable();
        all
    }

    /// Interfaces of services are reached by these from now on: over the network, as they are.
    pub fn reach_services(&self, by: Arc<dyn Carriers>) {
        *self.others.lock().expect("no test panics while it sets this") = Some(by);
    }

    /// Whether the server is there from now on.
    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::Relaxed);
    }
}

struct TestCarrier(Arc<TestPost>);

#[async_trait]
impl Carrier for TestCarrier {
    async fn carry(&self, parcel: &Parcel) -> Carried {
        if self.0.down.load(Ordering::Relaxed) {
            return Carried::NotTried("The server is not there.".into());
        }
        let refused = |permanent, code: &str| Carried::Refused { permanent, code: code.into(), address: permanent };
        let keep = || self.0.parcels.lock().expect("no test panics while it reads post").push(parcel.clone());
        match parcel.to.split(['@', '-', '.']).next() {
            Some("gone") => refused(true, "550 5.1.1"),
            Some("later") => refused(false, "451 4.3.0"),
            Some("odd") => Carried::Unsendable("The address has letters that the server does not take.".into()),
            Some("lost") => {
                keep();
                Carried::Unknown
            }
            _ => {
                keep();
                Carried::HandedOver("250".into())
            }
        }
    }

    async fn check(&self) -> Result<String, String> {
        match self.0.down.load(Ordering::Relaxed) {
            true => Err("The server is not there.".into()),
            false => Ok("Ready.".into()),
        }
    }
}

/// Makes carriers that hand everything to one post.
pub struct TestCarriers(pub Arc<TestPost>);

impl Carriers for TestCarriers {
    fn open(&self, sender: &Sender, secret: Option<&str>) -> Result<Arc<dyn Carrier>, String> {
        let others = self.0.others.lock().expect("no test panics while it sets this").clone();
        if let Some(others) = others.filter(|_| sender.setup.kind.is_gateway()) {
            return others.open(sender, secret);
        }
        Ok(Arc::new(TestCarrier(Arc::clone(&self.0))))
    }
}
