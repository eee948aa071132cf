//! `commonweal themes`: the codeframe at the command line.

use anyhow::{Context, Result};
use commonweal_app::App;
use commonweal_app::understand::discover::{Found, ThemeEdit};
use commonweal_domain::{Actor, DiscoveryId};
use commonweal_text::ThemeRule;
use commonweal_text::codeframe::CodeframeTheme;

use crate::args::{OfDiscovery, Themes};

pub(crate) async fn run(app: &App, command: &Themes) -> Result<()> {
    let actor = Actor::Operator;
    match command {
        Themes::List { json } => list(app, *json).await,
        Themes::Put { file, codeframe } => {
            let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read.", file.display()))?;
            let themes: Vec<CodeframeTheme> = serde_json::from_str(&text).with_context(|| {
                format!(
                    "{} is not a codeframe file: [{{\"name\": \"Waiting\", \"words\": [\"wait*\"]}}].",
                    file.display()
                )
            })?;
            let put = app.put_themes(&actor, codeframe, &themes).await?;
            println!("{} has {} themes now. Comments that come in are coded by them;", put.name, put.themes.len());
            println!("`commonweal themes reread` codes those that are here already.");
            Ok(())
        }
        Themes::Reread => reread(app).await,
        Themes::Discover { filters, name, k, again, json } => {
            let filter = super::query::filter(app, filters)?;
            let again = match again.as_deref() {
                None => None,
                Some("last") => Some(discovery(app, None).await?),
                Some(id) => Some(discovery(app, Some(id)).await?),
            };
            show(app, &app.discover(&actor, name, &filter, *k, again).await?, *json).await
        }
        Themes::Show(of) => {
            let id = discovery(app, of.discovery.as_deref()).await?;
            show(app, &app.found(&actor, id).await?, of.json).await
        }
        Themes::Rename { key, name, of } => {
            edit(app, of, ThemeEdit::Rename { key: key.clone(), name: name.clone() }).await
        }
        Themes::Merge { keys, of } => edit(app, of, ThemeEdit::Merge { keys: keys.clone() }).await,
        Themes::Split { key, into, of } => edit(app, of, ThemeEdit::Split { key: key.clone(), into: *into }).await,
        Themes::Drop { key, of } => edit(app, of, ThemeEdit::Drop { key: key.clone() }).await,
        Themes::Accept { key, name, codeframe, of } => {
            let id = discovery(app, of.discovery.as_deref()).await?;
            let (put, theme) = app.accept_theme(&actor, id, key, name.as_deref(), codeframe).await?;
            println!("{} has {} themes now; this one is `{theme}`.", put.name, put.themes.len());
            println!("`commonweal themes reread` codes the comments that are here already.");
            Ok(())
        }
    }
}

/// The discovery with this id, or the one that was changed last.
async fn discovery(app: &App, id: Option<&str>) -> Result<DiscoveryId> {
    if let Some(id) = id {
        return id.parse().with_context(|| format!("{id} is not the id of a discovery."));
    }
    let all = app.discoveries(&Actor::Operator).await?;
    let newest = all.first().context("No themes were found yet: `commonweal themes discover` finds some.")?;
    Ok(newest.id)
}

async fn edit(app: &App, of: &OfDiscovery, edit: ThemeEdit) -> Result<()> {
    let id = discovery(app, of.discovery.as_deref()).await?;
    show(app, &app.edit_themes(&Actor::Operator, id, &edit).await?, of.json).await
}

async fn show(app: &App, found: &Found, json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string(found)?);
        return Ok(());
    }
    let d = &found.discovery;
    println!("{}: {} themes in {} comments.", found.name, d.themes.len(), found.comments.len());
    println!("{} comments fit none. Discovery {}", d.unassigned, found.id);
    if found.capped {
        println!("There is more feedback than is read; the newest was.");
    }
    for theme in &d.themes {
        let mean = theme.sentiment.map_or_else(|| "–".to_owned(), |s| format!("{s:+.2}"));
        let words: Vec<&str> = theme.keywords.iter().take(6).map(|k| k.word.as_str()).collect();
        println!("\n{:>6}  sentiment {mean}  {}   [{}]", theme.size, theme.title(), theme.key);
        println!("        {}", words.join(", "));
        let first: Vec<_> =
            theme.representatives.iter().take(2).filter_map(|n| found.comments.get(*n)).copied().collect();
        for text in app.words_of(&Actor::Operator, &first).await? {
            let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(110).collect();
            println!("        “{line}”");
        }
    }
    Ok(())
}

/// Reads everything again, with progress.
pub(crate) async fn reread(app: &App) -> Result<()> {
    let mut said = 0;
    let done = app
        .reread(&Actor::Operator, |done| {
            if done >= said + 20_000 {
                said = done;
                eprintln!("{done} comments read again …");
            }
        })
        .await?;
    println!("{done} comments read again. What persons said stands.");
    Ok(())
}

async fn list(app: &App, json: bool) -> Result<()> {
    for codeframe in app.codeframes(&Actor::Operator).await? {
        let themes: Vec<CodeframeTheme> = codeframe
            .themes
            .into_iter()
            .map(|t| {
                let name = if t.retired() && !json { format!("{} (retired)", t.name) } else { t.name.clone() };
                let rule: ThemeRule = t.rule.and_then(|r| serde_json::from_value(r).ok()).unwrap_or_default();
                CodeframeTheme { key: t.key, name, description: t.description, words: rule.words, found: rule.found }
            })
            .collect();
        if json {
            println!("{}", serde_json::to_string_pretty(&themes)?);
            continue;
        }
        println!("{}", codeframe.name);
        for theme in themes {
            let words: Vec<&str> = theme.words.iter().take(6).map(String::as_str).collect();
            println!("  {:32} {:40} {}", theme.key, theme.name, words.join(", "));
        }
    }
    Ok(())
}
