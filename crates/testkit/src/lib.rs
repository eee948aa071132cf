//! Databases, builders, clocks and sinks for tests.

#[cfg(feature = "app")]
pub mod app;
pub mod databases;
#[cfg(unix)]
pub mod dovecot;
pub mod dump;
pub mod duties;
#[cfg(feature = "app")]
pub mod identity;
pub mod inbox;
#[cfg(feature = "app")]
pub mod notify;
#[cfg(feature = "app")]
pub mod passkeys;
#[cfg(feature = "app")]
pub mod post;
pub mod sink;
pub mod stops;
pub mod totp;

#[doc(hidden)]
pub use commonweal_store as store;

/// Does one thing in a transaction of its own: `kept!(db.store, forms.create(&form))` is a future of
/// what `Work::forms().create(&form)` gives.
#[macro_export]
macro_rules! kept {
    ($store:expr, $repository:ident.$method:ident($($argument:expr),* $(,)?)) => {
        async {
            let work = $store.begin_work().await?;
            let done = work.$repository().$method($($argument),*).await?;
            work.commit($crate::store::Trail::Silent($crate::store::Silent::Upkeep)).await?;
            Ok::<_, $crate::store::StoreError>(done)
        }
    };
}
