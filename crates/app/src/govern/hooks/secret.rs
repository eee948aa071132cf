//! With what the requests of a web hook are signed: sealed where it is kept.

use commonweal_domain::HookId;
use commonweal_domain::hook::HookSecrets;
use commonweal_store::Silent;

use crate::govern::sealed::{self, SEALED};
use crate::{App, Error, Result};

impl App {
    pub(super) async fn hook_secrets(&self, id: HookId) -> Result<HookSecrets> {
        let kept = self.inner.store.hook_secrets(id).await?;
        let key = self.sealing_key("web hooks").await?;
        let before = kept.before.map(|(text, until)| Ok::<_, Error>((open(&key, id, &text)?, until))).transpose()?;
        Ok(HookSecrets { now: open(&key, id, &kept.now)?, before })
    }

    pub(super) async fn seal_hook_secret(&self, id: HookId, secret: &str) -> Result<String> {
        seal(&self.sealing_key("web hooks").await?, id, secret)
    }

    /// Seals those that an earlier version has kept as they are; how many web hooks had such.
    pub(in crate::govern) async fn seal_hook_secrets(&self) -> Result<u64> {
        let key = self.sealing_key("web hooks").await?;
        let mut sealed = 0;
        for hook in self.inner.store.hooks().await? {
            let (id, kept) = (hook.id, self.inner.store.hook_secrets(hook.id).await?);
            let before = kept.before.as_ref().map(|(text, _)| text);
            if kept.now.starts_with(SEALED) && before.is_none_or(|text| text.starts_with(SEALED)) {
                continue;
            }
            let again = |text: &str| seal(&key, id, &open(&key, id, text)?);
            let (was, now, old) = (&kept.now, &again(&kept.now)?, &before.map(|text| again(text)).transpose()?);
            let changed = self.change_silently(Silent::Upkeep, move |w| {
                Box::pin(async move { Ok(w.hooks().reseal(id, was, now, old.as_deref()).await?) })
            });
            match changed.await {
                Ok(()) => sealed += 1,
                // Somebody gave it another one, which is sealed.
                Err(Error::Conflict { .. }) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(sealed)
    }
}

fn seal(key: &[u8; 32], id: HookId, secret: &str) -> Result<String> {
    Ok(format!("{SEALED}{}", sealed::seal_text(key, id.0.as_bytes(), secret)?))
}

fn open(key: &[u8; 32], id: HookId, kept: &str) -> Result<String> {
    // Those of earlier versions stand there as they are until a server has started.
    match kept.strip_prefix(SEALED) {
        Some(text) => sealed::open_text(key, id.0.as_bytes(), text),
        None => Ok(kept.to_owned()),
    }
}
