//! Codeframes and their themes.

use std::collections::HashMap;

use commonweal_domain::records::{Codeframe, Theme};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder};
use uuid::Uuid;

use crate::connect::{Store, transact};
use crate::entity::{codeframe, theme};
use crate::error::Result;

impl Store {
    /// Adds a codeframe with its themes. `Conflict` when a theme's key is taken: keys are unique in
    /// the body, because filters name themes by them.
    pub async fn create_codeframe(&self, codeframe: &Codeframe) -> Result<()> {
        transact!(self, tx, {
            let row = codeframe::ActiveModel { id: Set(codeframe.id.0), name: Set(codeframe.name.clone()) };
            codeframe::Entity::insert(row).exec_without_returning(tx).await?;
            let themes: Vec<theme::ActiveModel> = (0_i64..)
                .zip(&codeframe.themes)
                .map(|(position, t)| theme::ActiveModel {
                    id: Set(t.id.0),
                    codeframe_id: Set(codeframe.id.0),
                    key: Set(t.key.clone()),
                    name: Set(t.name.clone()),
                    position: Set(position),
                })
                .collect();
            if !themes.is_empty() {
                theme::Entity::insert_many(themes).exec_without_returning(tx).await?;
            }
            Ok(())
        })
    }

    /// All codeframes by name, with their themes in their order.
    pub async fn codeframes(&self) -> Result<Vec<Codeframe>> {
        let mut themes: HashMap<Uuid, Vec<Theme>> = HashMap::new();
        let all = theme::Entity::find()
            .order_by_asc(theme::Column::Position)
            .order_by_asc(theme::Column::Id)
            .all(self.read())
            .await?;
        for t in all {
            themes.entry(t.codeframe_id).or_default().push(Theme { id: t.id.into(), key: t.key, name: t.name });
        }
        let all = codeframe::Entity::find().all(self.read()).await?;
        let mut codeframes: Vec<Codeframe> = all
            .into_iter()
            .map(|c| Codeframe { themes: themes.remove(&c.id).unwrap_or_default(), id: c.id.into(), name: c.name })
            .collect();
        codeframes.sort_by_cached_key(|c| (c.name.to_lowercase(), c.id));
        Ok(codeframes)
    }
}
