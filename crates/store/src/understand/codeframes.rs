//! Codeframes and their themes.

use std::collections::HashMap;

use commonweal_domain::CodeframeId;
use commonweal_domain::records::{Codeframe, Theme};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::{codeframe, theme};
use crate::error::{Result, StoreError};
use crate::work::Codeframes;

impl Store {
    /// All codeframes by name, with their themes in their order.
    pub async fn codeframes(&self) -> Result<Vec<Codeframe>> {
        let mut themes: HashMap<Uuid, Vec<Theme>> = HashMap::new();
        let all = theme::Entity::find()
            .order_by_asc(theme::Column::Position)
            .order_by_asc(theme::Column::Id)
            .all(self.read())
            .await?;
        for t in all {
            let theme = Theme {
                id: t.id.into(),
                key: t.key,
                name: t.name,
                description: t.description.unwrap_or_default(),
                rule: t.rule,
            };
            themes.entry(t.codeframe_id).or_default().push(theme);
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

impl Codeframes<'_> {
    /// Adds a codeframe with its themes. `Conflict` when a theme's key is taken: keys are unique in
    /// the body, because filters name themes by them.
    pub async fn create(&self, codeframe: &Codeframe) -> Result<()> {
        let tx = self.tx();
        let frame = codeframe::ActiveModel { id: Set(codeframe.id.0), name: Set(codeframe.name.clone()) };
        codeframe::Entity::insert(frame).exec_without_returning(tx).await?;
        let themes: Vec<theme::ActiveModel> =
            (0_i64..).zip(&codeframe.themes).map(|(position, t)| row(codeframe.id, position, t)).collect();
        if !themes.is_empty() {
            theme::Entity::insert_many(themes).exec_without_returning(tx).await?;
        }
        Ok(())
    }

    /// Adds themes at the end of a codeframe, or changes those of the same id. `Conflict` when a
    /// theme's key is taken, `NotFound` when there is no such codeframe.
    pub async fn put_themes(&self, codeframe: CodeframeId, themes: &[Theme]) -> Result<()> {
        let tx = self.tx();
        let there = codeframe::Entity::find_by_id(codeframe.0).one(tx).await?;
        there.ok_or(StoreError::NotFound("codeframe"))?;
        let last: Option<Option<i64>> = theme::Entity::find()
            .select_only()
            .column_as(theme::Column::Position.max(), "last")
            .filter(theme::Column::CodeframeId.eq(codeframe.0))
            .into_tuple()
            .one(tx)
            .await?;
        let mut position = last.flatten().map_or(0, |last| last + 1);
        for t in themes {
            match theme::Entity::find_by_id(t.id.0).one(tx).await? {
                Some(old) => {
                    row(codeframe, old.position, t).reset_all().update(tx).await?;
                }
                None => {
                    theme::Entity::insert(row(codeframe, position, t)).exec_without_returning(tx).await?;
                    position += 1;
                }
            }
        }
        Ok(())
    }
}

fn row(codeframe: CodeframeId, position: i64, t: &Theme) -> theme::ActiveModel {
    theme::ActiveModel {
        id: Set(t.id.0),
        codeframe_id: Set(codeframe.0),
        key: Set(t.key.clone()),
        name: Set(t.name.clone()),
        position: Set(position),
        description: Set((!t.description.is_empty()).then(|| t.description.clone())),
        rule: Set(t.rule.clone()),
    }
}
