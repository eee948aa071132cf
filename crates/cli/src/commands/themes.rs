//! `commonweal themes`: the codeframe at the command line.

use anyhow::{Context, Result};
use commonweal_app::App;
use commonweal_domain::Actor;
use commonweal_text::ThemeRule;
use commonweal_text::codeframe::CodeframeTheme;

use crate::args::Themes;

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
    }
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
                let rule: ThemeRule = t.rule.and_then(|r| serde_json::from_value(r).ok()).unwrap_or_default();
                CodeframeTheme {
                    key: t.key,
                    name: t.name,
                    description: t.description,
                    words: rule.words,
                    found: rule.found,
                }
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
