//! Corrections and changes of many: who may, what is kept, what can be taken back.

use commonweal_app::{Chosen, Error, ThemeAct};
use commonweal_domain::correction::CorrectionAct;
use commonweal_domain::records::User;
use commonweal_domain::{Actor, Dimension, Filter, PageRequest, Preferences, Sentiment, Verdict, search};
use commonweal_testkit::app::{TestApp, feedback};
use commonweal_testkit::duties::{ANALYST, MANAGER, VIEWER};
use commonweal_testkit::on_both_engines;

fn actor(user: &User) -> Actor {
    user.actor()
}

fn say(sentiment: Sentiment) -> Verdict {
    Verdict::Say { sentiment: Some(sentiment), themes: None }
}

on_both_engines! {
    async fn corrections_are_told_with_names_and_stand_until_taken_back(db: TestDb) {
        let t = TestApp::with(db).await;
        let id = t.submit(vec![feedback().rating(1.0).comment("Great, another two hours in the queue").done()]).await[0].id;
        let (ann, bob) = (t.user(ANALYST).await, t.user(MANAGER).await);
        let before = t.app.feedback(&Actor::Operator, id).await.expect("there");
        let comment = before.comments[0].id;
        assert!(t.app.correct(&actor(&ann), comment, say(Sentiment::VeryNegative), Some(None)).await.expect("corrected"));
        let stale = t.app.correct(&actor(&bob), comment, say(Sentiment::Neutral), Some(None)).await.expect_err("ann was faster");
        assert_eq!(stale.code(), "conflict");
        let made = t.app.corrections(&actor(&bob), &[comment]).await.expect("told");
        assert_eq!((made.len(), made[0].by.as_str(), made[0].correction.act), (1, ann.name.as_str(), CorrectionAct::Corrected));
        let seen = Some(made.last().map(|m| m.correction.id));
        assert!(t.app.correct(&actor(&bob), comment, Verdict::Undo, seen).await.expect("undone"));
        assert!(!t.app.correct(&actor(&bob), comment, Verdict::Undo, None).await.expect("nothing left"));
        assert_eq!(t.app.feedback(&Actor::Operator, id).await.expect("there"), before);
        for nobody in [actor(&t.user(VIEWER).await), Actor::Operator, Actor::Anonymous] {
            let refused = t.app.correct(&nobody, comment, Verdict::Confirm, None).await.expect_err("not theirs to judge");
            assert!(matches!(refused, Error::Denied(_) | Error::Unauthenticated), "{refused:?}");
        }
    }

    async fn a_theme_for_many_is_told_before_counted_after_and_taken_back(db: TestDb) {
        let t = TestApp::with(db).await;
        t.app.begin_codeframe().await.expect("themes");
        let ann = actor(&t.user(ANALYST).await);
        let frames = t.app.codeframes(&ann).await.expect("codeframes");
        let theme = frames[0].themes.iter().find(|t| t.key == "parking-transport").expect("a theme");
        let mut items: Vec<_> = (0..12).map(|n| feedback().comment(&format!("Zebra crossing number {n}")).done()).collect();
        items.push(feedback().rating(2.0).done());
        items.push(feedback().comment("No parking anywhere").done());
        let ids: Vec<_> = t.submit(items).await.iter().map(|r| r.id).collect();
        t.index().await;
        let mut zebra = Filter::default();
        search::parse("zebra", &mut zebra).expect("a search");
        let plan = t.app.plan_themes(&ann, &Chosen::All(zebra.clone()), theme.id, ThemeAct::Add).await.expect("planned");
        assert_eq!((plan.feedback, plan.comments.len(), plan.without_words, plan.already), (12, 12, 0, 0));
        let all = Chosen::These([ids.clone(), ids.clone()].concat(), Default::default());
        let plan = t.app.plan_themes(&ann, &all, theme.id, ThemeAct::Add).await.expect("planned");
        assert_eq!((plan.feedback, plan.comments.len(), plan.without_words, plan.already), (14, 12, 1, 1));
        let (batch, done) = t.app.change_themes(&ann, &Chosen::All(zebra), theme.id, ThemeAct::Add).await.expect("changed");
        assert_eq!(done, 12);
        let told = t.app.themes_changed(&ann, batch).await.expect("told").expect("there");
        assert_eq!((told.theme.as_str(), told.act, told.comments), ("parking-transport", ThemeAct::Add, 12));
        t.index().await;
        let coded = async || {
            let mut filter = Filter::default();
            filter.clauses.entry(Dimension::Theme).or_default().is.push("parking-transport".to_owned());
            t.app.answer(&ann, &commonweal_app::Question { filter, ..Default::default() }).await.expect("an answer").total.count
        };
        assert_eq!(coded().await, Some(13));
        // Somebody corrects one of them since: that stands.
        let comment = t.app.feedback(&ann, ids[0]).await.expect("there").comments[0].id;
        t.app.correct(&ann, comment, Verdict::Say { sentiment: None, themes: Some(vec![]) }, None).await.expect("corrected");
        assert_eq!(t.app.undo_themes(&ann, batch).await.expect("taken back"), (11, 1));
        t.index().await;
        assert_eq!(coded().await, Some(1));
        let refused = t.app.plan_themes(&ann, &Chosen::These(vec![], Default::default()), theme.id, ThemeAct::Add).await;
        assert_eq!(refused.expect_err("nothing chosen").code(), "invalid");
        let viewer = actor(&t.user(VIEWER).await);
        assert!(matches!(t.app.undo_themes(&viewer, batch).await, Err(Error::Denied(_))));
        let trail = t.app.audit_trail(&Actor::Operator, None, &PageRequest::first(10)).await.expect("a trail").items;
        assert!(trail.iter().any(|l| l.entry.action == "readings.theme_change_undone"), "{trail:?}");
    }

    async fn everybody_says_for_themselves_what_the_console_is_like(db: TestDb) {
        let t = TestApp::with(db).await;
        let viewer = actor(&t.user(VIEWER).await);
        assert_eq!(t.app.preferences(&viewer).await.expect("as usual"), Preferences::default());
        let wanted = Preferences { shortcuts: false, rows: 100 };
        t.app.set_preferences(&viewer, &wanted).await.expect("kept");
        assert_eq!(t.app.preferences(&viewer).await.expect("read"), wanted);
        let odd = Preferences { rows: 17, ..wanted };
        assert_eq!(t.app.set_preferences(&viewer, &odd).await.expect_err("not offered").code(), "invalid");
        assert!(matches!(t.app.set_preferences(&Actor::Operator, &Preferences::default()).await, Err(Error::Denied(_))));
    }
}
